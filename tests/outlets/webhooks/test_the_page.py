"""What docs/webhooks.md tells receivers to do."""

import re
from typing import Any

from tests.architecture.sources import ROOT
from tests.cast import Cast
from tests.draining import drain
from tests.outlets.webhooks.hooking import make_hook
from tests.outlets.webhooks.receiving import Receiver
from tests.work.tasks.making import make_task
from workloom.core.backoff import PAUSES
from workloom.core.signing import new_secret

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_its_check_believes_us_and_nobody_else(cast: Cast, receiver: Receiver) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - our own page
    is_genuine = found["is_genuine"]
    hook = make_hook(cast, receiver)
    make_task(cast.project, cast.admin)
    drain()
    [got] = receiver.got
    assert is_genuine(hook.secret, got.headers, got.body)
    assert not is_genuine(new_secret(), got.headers, got.body)
    assert not is_genuine(hook.secret, got.headers, got.body + b" ")
    assert not is_genuine(hook.secret, got.headers | {"webhook-timestamp": "1"}, got.body)


def test_its_pauses_are_ours() -> None:
    [told] = re.findall(r"is sent again after (.*?), each a fifth", PAGE, re.DOTALL)
    numbers = [int(number) for number in re.findall(r"\d+", told)]
    units = [1] * 2 + [60] * 4 + [3600] * 6
    assert [number * unit for number, unit in zip(numbers, units, strict=True)] == [
        int(pause.total_seconds()) for pause in PAUSES
    ]
