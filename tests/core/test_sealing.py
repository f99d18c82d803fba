import pytest
from pytest_django import Settings

from workloom.core.sealing import Unreadable, seal, unseal


def test_what_was_sealed_can_be_read_for_its_purpose_only() -> None:
    sealed = seal(b"secret", purpose="one")
    assert b"secret" not in sealed
    assert sealed.isascii()
    assert unseal(sealed, purpose="one") == b"secret"
    assert seal(b"secret", purpose="one") != sealed
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="other")


@pytest.mark.parametrize("sealed", [b"", b"plain", b"gAAAAAB"])
def test_what_was_never_sealed_is_not_read(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="one")


def test_a_changed_byte_or_another_key_makes_it_unreadable(settings: Settings) -> None:
    sealed = seal(b"secret", purpose="one")
    changed = sealed[:-3] + bytes([sealed[-3] ^ 1]) + sealed[-2:]
    with pytest.raises(Unreadable):
        unseal(changed, purpose="one")
    settings.SECRET_KEY = "another key that is long enough to be one"
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="one")
