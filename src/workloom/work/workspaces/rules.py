"""Pure decisions on names and roles of workspaces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from msgspec import UNSET, UnsetType

from workloom.core.text import fold, slug

LONGEST_SLUG = 60
INVITATION_LIVES = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkspace:
    """What somebody says of a workspace to be made; the slug is made from the name when it is not there."""

    name: str
    slug: str | UnsetType = UNSET
    id: UUID | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChange:
    """What is to be different."""

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A person named by id or by address, and the role that they get."""

    user: UUID | UnsetType = UNSET
    email: str | UnsetType = UNSET
    role: str = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """Another role."""

    role: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom to invite, as what."""

    email: str
    role: str = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The secret of an invitation."""

    token: str


def plain_slug(text: str) -> str:
    """Return the one spelling of a slug."""
    return slug(text, sep="-", fallback="")[:LONGEST_SLUG].strip("-")


def slugs_from(name: str, random: str) -> Iterator[str]:
    """Yield slugs to try for a name, with ever longer endings."""
    base = plain_slug(name)[: LONGEST_SLUG - 13].strip("-") or "workspace"
    yield base
    for length in (4, 8, 12):
        yield f"{base}-{random[:length]}"


def slug_of_deleted(slug_text: str, workspace: UUID) -> str:
    """Return a slug that nobody can choose, so that the old one is free again."""
    return f"{slug_text[:27]}~{workspace.hex}"


def search_key(*texts: str) -> str:
    """Return what a search without case looks into."""
    return fold("\n".join(texts))
