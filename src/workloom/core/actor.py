"""Who does something: a frozen value that travels from the door to the log."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """How somebody came in."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system; `scopes` and `projects` are None unless a personal token narrows them."""

    id: UUID | None
    kind: ActorKind
    name: str
    is_operator: bool = False
    scopes: frozenset[str] | None = None
    projects: frozenset[UUID] | None = None
    zone: str = "UTC"
    session: UUID | None = None

    @property
    def is_signed_in(self) -> bool:
        """Tell a known person from a visitor."""
        return self.id is not None

    @property
    def person(self) -> UUID:
        """Return the person's id where one is certain to be signed in."""
        if self.id is None:
            raise LookupError(f"The actor {self.name} is no person.")
        return self.id


SYSTEM = Actor(id=None, kind=ActorKind.SYSTEM, name="system", is_operator=True)
ANONYMOUS = Actor(id=None, kind=ActorKind.ANONYMOUS, name="anonymous")
