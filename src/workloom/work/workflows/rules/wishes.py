"""What a workflow is to be: values between the door and the action."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType

from workloom.work.workflows.rules.statuses import StatusWish

ALL = "all"


@dataclass(frozen=True, slots=True)
class TransitionWish:
    """One move to be allowed; source and target are slugs or labels."""

    source: str
    target: str
    roles: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowWish:
    """Absent parts stay as they are; `successors` say where tasks go whose status is not on the list any more."""

    statuses: tuple[StatusWish, ...] | UnsetType = UNSET
    initial: str | UnsetType = UNSET
    transitions: str | tuple[TransitionWish, ...] | UnsetType = UNSET
    successors: Mapping[str, str] = field(default_factory=dict)
