import pytest

from workloom.people.rights.rules import Role, WorkspaceRole, is_stronger
from workloom.work.projects.rules import KEY, key_from, keys_like


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Engineering", "ENG"),
        ("Inbox", "INBOX"),
        ("Night shift", "NS"),
        ("Île-de-France Büro", "IDFB"),
        ("a b c d e f g", "ABCDE"),
        ("3D models", "DMO"),
        ("2024", "PRJ"),
        ("X", "PRJ"),
        ("項目", "PRJ"),
        ("🚀", "PRJ"),
        ("Straße", "STR"),
    ],
)
def test_a_key_is_made_of_the_name(name: str, key: str) -> None:
    assert key_from(name) == key
    assert KEY.fullmatch(key)


def test_taken_keys_get_ever_higher_numbers() -> None:
    keys = keys_like("ENG")
    assert [next(keys) for _ in range(3)] == ["ENG", "ENG2", "ENG3"]


def test_roles_have_an_order() -> None:
    assert is_stronger(Role.ADMIN, Role.MANAGER)
    assert not is_stronger(Role.GUEST, Role.VIEWER)
    assert not is_stronger(Role.MEMBER, Role.MEMBER)
    assert is_stronger(WorkspaceRole.OWNER, WorkspaceRole.ADMIN)
    assert not is_stronger(WorkspaceRole.GUEST, WorkspaceRole.MEMBER)
