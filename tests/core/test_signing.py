"""Signatures, checked by the library that receivers use."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from workloom.core.signing import key_of, new_secret, signed_headers

BODY = '{"type":"task.created","title":"naïve ☕"}'.encode()


def secret_of(count: int) -> str:
    return "whsec_" + base64.b64encode(bytes(range(count))).decode()


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
        live_secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("count", [24, 32, 64])
def test_a_receiver_accepts_what_was_signed(count: int) -> None:
    headers = signed_headers("msg_1", at=datetime.now(UTC), body=BODY, live_secrets=[secret_of(count)])
    assert Webhook(secret_of(count)).verify(BODY, headers)["title"] == "naïve ☕"


def test_while_a_secret_is_replaced_either_one_is_enough() -> None:
    new, old, never = new_secret(), new_secret(), new_secret()
    headers = signed_headers("msg_1", at=datetime.now(UTC), body=BODY, live_secrets=[new, old])
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (new, old):
        Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(never).verify(BODY, headers)


@pytest.mark.parametrize(
    "change",
    [{"webhook-id": "msg_2"}, {"webhook-timestamp": str(int(datetime.now(UTC).timestamp()) - 9)}],
)
def test_a_message_that_was_changed_is_refused(change: dict[str, str]) -> None:
    secret = new_secret()
    headers = signed_headers("msg_1", at=datetime.now(UTC), body=BODY, live_secrets=[secret])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers | change)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers)


def test_an_old_message_is_refused() -> None:
    secret = new_secret()
    at = datetime.now(UTC) - timedelta(minutes=6)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, signed_headers("msg_1", at=at, body=BODY, live_secrets=[secret]))


def test_a_fresh_secret_holds_32_bytes_and_is_never_the_same() -> None:
    assert len(key_of(new_secret())) == 32
    assert new_secret() != new_secret()


@pytest.mark.parametrize(
    "typed",
    [
        *("", "whsec_", "secret", secret_of(23), secret_of(65), secret_of(32).removeprefix("whsec_")),
        *("whsec_" + "!" * 40, "whsec_" + "ü" * 40, "whsec_" + "A" * 43, secret_of(32) + "\n"),
    ],
)
def test_what_is_no_secret_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"secret|base64"):
        key_of(typed)


@pytest.mark.parametrize("message_id", ["", "msg.1", "msg 1", "msg_1\n", "m" * 129, "ü"])
def test_an_id_that_could_be_read_as_something_else_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="id of a message"):
        signed_headers(message_id, at=datetime.now(UTC), body=b"", live_secrets=[new_secret()])


def test_nothing_goes_out_unsigned() -> None:
    with pytest.raises(ValueError, match="Nothing to sign with"):
        signed_headers("msg_1", at=datetime.now(UTC), body=b"", live_secrets=[])
