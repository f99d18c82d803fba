from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured

from workloom.core.errors import Invalid
from workloom.people.accounts.rules import tokens
from workloom.people.accounts.rules.names import LONGEST_USERNAME, email_problem, username_problem, usernames_from
from workloom.people.accounts.rules.passwords import check_password_fit, password_problem
from workloom.people.accounts.rules.sessions import RefreshVerdict, is_seen_anew, verdict_on

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIMS = tokens.Claims(tokens.ACCESS, UUID(int=1), UUID(int=2), "jti", int(AT.timestamp()), int(AT.timestamp()) + 60)
SHARED = tokens.signer_of("", "x" * 64)
PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("password1", "password_too_common"),
        ("PassWord1", "password_too_common"),
        ("lovelace", "password_too_similar"),
        ("Lovelace1815", "password_too_similar"),
        ("ada.lovelace", "password_too_similar"),
        ("ada@example.org", "password_too_similar"),
    ],
)
def test_a_poor_password_is_named(password: str, code: str) -> None:
    problem = password_problem(password, ["ada.l", "ada@example.org", "Ada Lovelace"])
    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize(
    "password", ["analytical engines 1843", "x9$kqLm!", "пароль из восьми слов", "        7 blanks"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert password_problem(password, ["ada", "ada@example.org", "Ada Lovelace"]) is None


def test_a_poor_password_is_refused_under_the_name_of_its_field() -> None:
    with pytest.raises(Invalid) as refusal:
        check_password_fit("short", [], "new_password")
    assert refusal.value.errors[0].field == "new_password"


@pytest.mark.parametrize("username", ["ada", "Ada.Lovelace", "a_b-c+d", "李雷", "ÅSA", "x" * LONGEST_USERNAME])
def test_usernames_of_any_script_are_taken(username: str) -> None:
    assert username_problem(username) is None


@pytest.mark.parametrize("username", ["", "a b", "a@b", "x" * (LONGEST_USERNAME + 1), "a/b", "me", "ME", "ﷺ" * 20])
def test_other_usernames_are_not(username: str) -> None:
    assert username_problem(username) is not None


def test_usernames_are_made_from_the_address_with_ever_longer_endings() -> None:
    names = list(usernames_from("Ada.Love!lace@example.org", "0123456789abcdef"))
    assert names == ["ada.lovelace", "ada.lovelace-0123", "ada.lovelace-012345", "ada.lovelace-0123456789"]
    assert next(usernames_from("!!!@example.org", "0123")) == "user"
    assert next(usernames_from("me@example.org", "0123")) == "me-0123"


@pytest.mark.parametrize("email", ["nobody", "a@b", "a@" + "b" * 250 + ".org", "a b@example.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert email_problem(email) is not None


@pytest.mark.parametrize("by", [SHARED, tokens.signer_of(PEM, "")], ids=["shared secret", "key pair"])
def test_a_token_says_what_was_written_into_it(by: tokens.Signer) -> None:
    text = tokens.write_token(CLAIMS, by)
    assert tokens.read_token(text, tokens.ACCESS, by, AT) == CLAIMS
    assert tokens.write_token(CLAIMS, by) == text


def test_a_token_of_another_kind_or_age_is_refused() -> None:
    text = tokens.write_token(CLAIMS, SHARED)
    with pytest.raises(tokens.BadToken):
        tokens.read_token(text, tokens.REFRESH, SHARED, AT)
    with pytest.raises(tokens.BadToken):
        tokens.read_token(text, tokens.ACCESS, SHARED, AT + timedelta(seconds=60))


@pytest.mark.parametrize("claim", ["iss", "aud", "typ", "sub", "sid", "jti", "iat", "exp"])
def test_a_token_that_leaves_a_claim_out_or_changes_it_is_refused(claim: str) -> None:
    body = jwt.decode(tokens.write_token(CLAIMS, SHARED), options={"verify_signature": False})
    without = {name: value for name, value in body.items() if name != claim}
    changed = body | {claim: {"iss": "else", "jti": None}.get(claim, ["else"])}
    for forged in (without, changed):
        with pytest.raises(tokens.BadToken):
            tokens.read_token(jwt.encode(forged, SHARED.private, "HS256"), tokens.ACCESS, SHARED, AT)


def test_a_token_does_not_choose_its_algorithm() -> None:
    pair = tokens.signer_of(PEM, "")
    body = jwt.decode(tokens.write_token(CLAIMS, SHARED), options={"verify_signature": False})
    public = tokens.jwks(pair)[0]["x"]
    for forged in (
        jwt.encode(body, "", "none"),
        jwt.encode(body, public + "x" * 32, "HS256"),
        tokens.write_token(CLAIMS, SHARED),
    ):
        with pytest.raises(tokens.BadToken):
            tokens.read_token(forged, tokens.ACCESS, pair, AT)
    with pytest.raises(tokens.BadToken):
        tokens.read_token(jwt.encode(body, SHARED.private, "HS512"), tokens.ACCESS, SHARED, AT)


def test_the_public_key_is_published_and_checks_tokens() -> None:
    pair = tokens.signer_of(PEM, "")
    text = tokens.write_token(CLAIMS, pair)
    (key,) = tokens.jwks(pair)
    assert jwt.get_unverified_header(text)["kid"] == key["kid"]
    public = jwt.PyJWK.from_dict(dict(key))
    assert jwt.decode(text, public.key, ["EdDSA"], audience="workloom", options={"verify_exp": False})["jti"] == "jti"
    assert tokens.jwks(SHARED) == []


@pytest.mark.parametrize("pem", ["nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_a_key_of_another_kind_is_refused_at_start(pem: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        tokens.signer_of(pem, "")


def test_the_key_in_one_line_is_read_too() -> None:
    assert tokens.signer_of(PEM.replace("\n", "\\n"), "").key_id == tokens.signer_of(PEM, "").key_id


def test_the_previous_refresh_token_lives_ten_seconds() -> None:
    def judge(sent: str, seconds: float) -> RefreshVerdict:
        return verdict_on(sent, "b", "a", AT, AT + timedelta(seconds=seconds))

    assert judge("b", 1000) is RefreshVerdict.CURRENT
    assert judge("a", 10) is RefreshVerdict.JUST_REPLACED
    assert judge("a", 10.001) is RefreshVerdict.REUSED
    assert judge("older", 0) is RefreshVerdict.REUSED


def test_a_use_is_written_down_once_a_minute() -> None:
    assert is_seen_anew(None, AT)
    assert not is_seen_anew(AT, AT + timedelta(seconds=59))
    assert is_seen_anew(AT, AT + timedelta(seconds=60))
