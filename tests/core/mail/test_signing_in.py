"""Encryption and sign-in, with a server whose certificate is made for the test."""

from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.core.mail.smtp_server import mail_server
from tests.core.mail.test_outbox import hand_over
from tests.core.outgoing.test_tls import NAMES, certificate, server_side
from workloom.core.mail.verdicts import Answer

USER: dict[str, Any] = {"EMAIL_HOST_USER": "workloom", "EMAIL_HOST_PASSWORD": "right"}


def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    is_right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"workloom", b"right")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server's side; our side trusts its certificate as it would one of the system's."""
    cert, key = certificate(NAMES)
    (tmp_path / "trusted.pem").write_bytes(cert)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    return server_side(cert, key, tmp_path)


def test_after_starttls_it_signs_in_and_sends(tls: Any) -> None:
    serving = {"tls_context": tls, "require_starttls": True, "authenticator": check, "auth_required": True}
    with mail_server(serving=serving, EMAIL_USE_TLS=True, **USER) as inbox:
        assert hand_over().answer is Answer.TAKEN
    assert len(inbox.taken) == 1


def test_a_server_that_is_encrypted_from_the_first_byte_takes_mails(tls: Any) -> None:
    serving = {"ssl_context": tls, "authenticator": check, "auth_require_tls": False}
    with mail_server(serving=serving, EMAIL_USE_SSL=True, **USER) as inbox:
        assert hand_over().answer is Answer.TAKEN
    assert len(inbox.taken) == 1


def test_a_wrong_password_means_later_in_the_servers_words(tls: Any) -> None:
    serving = {"tls_context": tls, "authenticator": check}
    with mail_server(serving=serving, EMAIL_USE_TLS=True, **{**USER, "EMAIL_HOST_PASSWORD": "wrong"}) as inbox:
        verdict = hand_over()
    assert verdict.answer is Answer.LATER
    assert verdict.words == "535 5.7.8 Authentication credentials invalid"
    assert inbox.taken == []


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server(serving={"tls_context": tls, "authenticator": check}, EMAIL_USE_TLS=True, **USER) as inbox:
        verdict = hand_over()
    assert verdict.answer is Answer.LATER
    assert "CERTIFICATE_VERIFY_FAILED" in verdict.words
    assert inbox.taken == []
