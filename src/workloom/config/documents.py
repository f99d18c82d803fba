"""The documents that are made from the code, and committed so that people can read them without running it."""

from collections.abc import Callable, Iterator
from io import StringIO
from itertools import groupby

from django.core.management import call_command

from workloom.config.event_catalogue import events_page
from workloom.config.problem_codes import problems_page
from workloom.config.settings.readers import REGISTER, Setting

_HEAD = """# Settings

Made from the code by `make docs`; change the readers in `src/workloom/config/settings/`, not this page.

Every setting is an environment variable. An empty one counts as unset, a wrong one stops the start with its name and
what to write instead, and two that contradict each other are refused.
"""
_COLUMNS = ("Setting", "Kind", "Default", "What it does", "Example")


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _lines(settings: list[Setting]) -> Iterator[str]:
    for topic, found in groupby(settings, key=lambda setting: setting.topic):
        yield f"\n## {topic}\n"
        yield _row(_COLUMNS)
        yield _row(("---",) * len(_COLUMNS))
        for each in found:
            yield _row(
                (
                    _code(each.name),
                    each.kind,
                    each.default if " " in each.default else _code(each.default),
                    each.about,
                    _code(each.example),
                )
            )


def settings_page() -> str:
    in_order = sorted(REGISTER.values(), key=lambda setting: setting.topic)
    return _HEAD + "\n".join(_lines(in_order)) + "\n"


def openapi() -> str:
    written = StringIO()
    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, stdout=written)
    return written.getvalue().rstrip() + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "events.md": events_page,
    "problems.md": problems_page,
    "openapi.json": openapi,
}
