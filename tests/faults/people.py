"""Who writes, and where."""

from dataclasses import dataclass

from tests.faults.http import Door

PASSWORD = "correct horse battery"
_NAMES = ("ada", "ben", "cleo", "dan")


@dataclass(frozen=True)
class Person:
    name: str
    id: str
    token: str

    @property
    def address(self) -> str:
        return f"{self.name}@example.org"


@dataclass(frozen=True)
class Project:
    id: str
    key: str
    workspace: str


def sign_in(port: int, name: str) -> Person:
    with Door(port) as door:
        signed = door.must("POST", "auth/login/", {"email": f"{name}@example.org", "password": PASSWORD})
    return Person(name, signed["user"]["id"], signed["token"])


def sign_up(port: int) -> list[Person]:
    """Make four people, the first of whom will own the projects."""
    for name in _NAMES:
        body = {"email": f"{name}@example.org", "password": PASSWORD, "username": name}
        with Door(port) as door:
            door.must("POST", "auth/register/", body)
    return [sign_in(port, name) for name in _NAMES]


def found_projects(port: int, people: list[Person], count: int, *, name: str) -> list[Project]:
    """Make projects in which everybody takes part."""
    owner, *others = people
    found = []
    with Door(port, owner.token) as door:
        for number in range(count):
            made = door.must("POST", "projects/", {"name": f"{name} {number}"})
            for person in others:
                door.must("POST", f"projects/{made['id']}/members/", {"user_id": person.id, "role": "manager"})
            found.append(Project(made["id"], made["key"], made["workspace"]))
    return found
