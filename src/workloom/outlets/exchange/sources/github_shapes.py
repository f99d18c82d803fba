"""What a list of issues holds, as far as we read it, in the spelling of the REST answers and of the `gh` command."""

from collections.abc import Iterator

import msgspec

from workloom.outlets.exchange.sources.typed import Moment


class UserShape(msgspec.Struct):
    login: str
    name: str | None = None
    email: str | None = None


class LabelShape(msgspec.Struct):
    name: str
    color: str | None = None


class TitleShape(msgspec.Struct):
    title: str = ""


class NameShape(msgspec.Struct):
    name: str = ""


class ReactionsShape(msgspec.Struct):
    total_count: int = 0


class CommentShape(msgspec.Struct, rename="camel"):
    """Only `gh` puts comments into the list."""

    body: str
    created_at: Moment
    id: str | None = None
    url: str | None = None
    author: UserShape | None = None


class IssueShape(msgspec.Struct):
    """An issue or a pull request."""

    number: int
    title: str
    created_at: Moment
    state: str = "open"
    body: str | None = ""
    html_url: str = ""
    state_reason: str | None = None
    user: UserShape | None = None
    labels: list[LabelShape | str] = []
    assignee: UserShape | None = None
    assignees: list[UserShape] | None = []
    milestone: TitleShape | None = None
    comments: int | list[CommentShape] = 0
    updated_at: Moment | None = None
    closed_at: Moment | None = None
    pull_request: dict[str, object] | None = None
    locked: bool = False
    reactions: ReactionsShape | None = None
    type: NameShape | str | None = None

    def repository(self) -> str:
        """Owner and name, out of the address of the issue; the same number lives in many repositories."""
        parts = self.html_url.split("/")
        return "/".join(parts[3:5]) if len(parts) > 5 else ""

    def is_pull(self) -> bool:
        """The list holds pull requests too; this member tells them apart."""
        return self.pull_request is not None or "/pull/" in self.html_url

    def kind(self) -> str | None:
        """The issue type, where the organisation uses them."""
        name = self.type.name if isinstance(self.type, NameShape) else self.type
        return name or None

    def everybody(self) -> Iterator[UserShape]:
        """All assignees; the single one is the older spelling."""
        yield from self.assignees or ([self.assignee] if self.assignee else [])

    def reaction_count(self) -> int:
        """How many thumbs and hearts."""
        return self.reactions.total_count if self.reactions else 0


_GH_SPELLING = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "closedAt": "closed_at",
    "stateReason": "state_reason",
    "author": "user",
    "url": "html_url",
}


def rest_spelling(value: object) -> object:
    """Give what the `gh` command wrote the names of the REST answer."""
    if not isinstance(value, dict) or "createdAt" not in value:
        return value
    return {_GH_SPELLING.get(key, key): one for key, one in value.items()}
