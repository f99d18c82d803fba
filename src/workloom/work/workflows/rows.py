"""What the API shows of workflows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec


class StatusRow(msgspec.Struct, frozen=True):
    """A status: the slug never changes, the label may."""

    slug: str
    label: str
    category: str
    colour: str
    position: int


class TransitionRow(msgspec.Struct, frozen=True):
    """One allowed move; no roles means every role that may move tasks."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    roles: list[str]
    guards: list[str]


class WorkflowRow(msgspec.Struct, frozen=True):
    """A project's statuses, the initial one, and the allowed moves: a list, or the word all."""

    project: UUID
    statuses: list[StatusRow]
    initial: str
    transitions: Literal["all"] | list[TransitionRow]
    version: int
    updated_at: datetime

    def picture(self) -> Mapping[str, Any]:
        """Return what can be changed as plain values: for comparing and for the log."""
        return {name: msgspec.to_builtins(getattr(self, name)) for name in ("statuses", "initial", "transitions")}
