import runpy
from typing import Any

import pytest

from workloom.config.settings.places import PACKAGE_DIR
from workloom.config.settings.readers import SettingError


def load(monkeypatch: pytest.MonkeyPatch, allow: str) -> dict[str, Any]:
    monkeypatch.setenv("WEBHOOK_ALLOW", allow)
    return runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / "outgoing.py"))


def test_the_networks_that_requests_may_go_to_are_read_as_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(monkeypatch, "10.20.0.0/16, 192.168.7.9,fd00::/8")
    assert [str(network) for network in found["WEBHOOK_ALLOW"]] == ["10.20.0.0/16", "192.168.7.9/32", "fd00::/8"]
    assert found["WEBHOOK_HTTPS_ONLY"] is False
    assert load(monkeypatch, "")["WEBHOOK_ALLOW"] == []


@pytest.mark.parametrize("written", ["db.internal", "10.20.0.1/16", "10.0.0.0/99"])
def test_what_is_no_network_stops_the_start(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    with pytest.raises(SettingError, match=f"WEBHOOK_ALLOW names '{written}', which is no network"):
        load(monkeypatch, f"10.0.0.0/8,{written}")
