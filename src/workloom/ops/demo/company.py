"""The company as company.toml has it."""

from pathlib import Path

import msgspec

DOMAIN = "lantern.example"


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the company; the address is made of the username."""

    username: str
    name: str
    zone: str = "Europe/Berlin"

    @property
    def email(self) -> str:
        """Return an address that nobody can have: no mail ever leaves for it."""
        return f"{self.username}@{DOMAIN}"


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A workspace with its people."""

    name: str
    owner: str
    admins: list[str]
    members: list[str]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task as it is today; `due` counts days from today, `comments` are pairs of who and what."""

    title: str
    status: str
    who: list[str] = []
    by: str = ""
    labels: list[str] = []
    priority: str = "medium"
    estimate: float | None = None
    due: int | None = None
    comments: list[tuple[str, str]] = []
    checklist: list[str] = []
    blocked_by: str = ""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project: `way` is the path that work takes, `guards` what a step of it asks for; without statuses it has the usual ones."""

    workspace: str
    key: str
    name: str
    description: str
    owner: str
    managers: list[str]
    members: list[str]
    viewers: list[str]
    guests: list[str]
    statuses: list[tuple[str, str]]
    initial: str
    way: list[str]
    guards: list[tuple[str, str, list[str]]]
    columns: list[tuple[str, list[str], int]]
    labels: list[tuple[str, str]]
    tasks: list[Item]

    @property
    def writers(self) -> list[str]:
        """Return who may make tasks."""
        return [self.owner, *self.managers, *self.members]


class Company(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the demo knows."""

    people: list[Person]
    workspaces: list[Space]
    projects: list[Plan]


def load() -> Company:
    """Read the company; a name that is wrongly spelled in the file is an error."""
    text = (Path(__file__).parent / "company.toml").read_bytes()
    return msgspec.toml.decode(text, type=Company)
