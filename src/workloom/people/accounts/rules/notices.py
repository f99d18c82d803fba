"""What a person wants to be told and how, by kind and by channel: what they said, over what holds when nothing was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any, Final

from msgspec import UNSET, UnsetType

DIGEST_HOUR: Final = 8
REMINDER_HOUR: Final = 9
Said = Mapping[str, Any]
"""The JSON object that is stored: only what somebody said, see `whole`."""


class NoticeKind(StrEnum):
    """Why somebody is told, the strongest reason first: of several for one event the first counts."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    COMMENTED = "commented"
    STATUS_CHANGED = "status_changed"
    SLA_BREACHED = "sla_breached"
    SLA_WARNING = "sla_warning"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"


class MailMode(StrEnum):
    """When a mail is sent: for each event, gathered once a day, or never."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Channels:
    """Where one kind is told."""

    in_app: bool
    mail: MailMode

    @property
    def is_silent(self) -> bool:
        """Tell whether nothing is told anywhere."""
        return not self.in_app and self.mail is MailMode.OFF


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """What a kind is to be told by; absent parts stay."""

    in_app: bool | UnsetType = UNSET
    mail: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, on the person's clock, mail waits: `HH:MM`. It may go over midnight."""

    start: str
    end: str

    @property
    def times(self) -> tuple[time, time]:
        """Return both as times of the day."""
        return time.fromisoformat(self.start), time.fromisoformat(self.end)


KindWishes = Mapping[str, ChannelWish | None]


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """New settings; absent parts stay, None goes back to what holds when nothing is said."""

    kinds: KindWishes = field(default_factory=dict)
    digest_hour: int | None | UnsetType = UNSET
    reminder_hour: int | None | UnsetType = UNSET
    quiet_hours: QuietHours | None | UnsetType = UNSET


DEFAULTS: Final[Mapping[NoticeKind, Channels]] = {
    **{kind: Channels(in_app=True, mail=MailMode.NOW) for kind in NoticeKind},
    NoticeKind.COMMENTED: Channels(in_app=True, mail=MailMode.DIGEST),
    NoticeKind.STATUS_CHANGED: Channels(in_app=True, mail=MailMode.OFF),
}


def channels_of(kind: NoticeKind, *said: Said) -> Channels:
    """Return where a kind is told: what was said last counts, part by part (`said` are objects of kinds)."""
    in_app, mail = DEFAULTS[kind].in_app, DEFAULTS[kind].mail
    for layer in said:
        part = layer.get(kind, {})
        in_app, mail = part.get("in_app", in_app), MailMode(part.get("mail", mail))
    return Channels(in_app, mail)


def kinds_said(settings: Said) -> Said:
    """Return the part of the settings that speaks of kinds."""
    said: Said = settings.get("kinds", {})
    return said


def digest_hour(settings: Said) -> int:
    """Return the hour of the digest on the person's clock."""
    return int(settings.get("digest_hour", DIGEST_HOUR))


def reminder_hour(settings: Said) -> int:
    """Return the hour of reminders on the person's clock."""
    return int(settings.get("reminder_hour", REMINDER_HOUR))


def quiet_hours(settings: Said) -> QuietHours | None:
    """Return when mail waits."""
    said = settings.get("quiet_hours")
    return QuietHours(said["from"], said["to"]) if said else None


def with_kinds(said: Said, wish: KindWishes) -> dict[str, Any]:
    """Return what is said of kinds after a wish; None takes back what was said of one."""
    merged = {kind: dict(part) for kind, part in said.items()}
    for kind, channels in wish.items():
        if channels is None:
            merged.pop(kind, None)
            continue
        parts = {"in_app": channels.in_app, "mail": channels.mail}
        merged[kind] = {**merged.get(kind, {}), **{name: part for name, part in parts.items() if part is not UNSET}}
    return {kind: merged[kind] for kind in NoticeKind if merged.get(kind)}


def _beside_defaults(said: Said) -> dict[str, Any]:
    """Leave out what would hold anyway, so that sending back what was read changes nothing."""
    usual = {kind: {"in_app": DEFAULTS[kind].in_app, "mail": DEFAULTS[kind].mail} for kind in NoticeKind}
    kept = {
        kind: {name: part for name, part in parts.items() if part != usual[NoticeKind(kind)][name]}
        for kind, parts in said.items()
    }
    return {kind: parts for kind, parts in kept.items() if parts}


def with_wish(settings: Said, wish: NoticeWish) -> dict[str, Any]:
    """Return the settings after a wish; what they say is only what differs from what holds anyway."""
    merged: dict[str, Any] = dict(settings)
    merged["kinds"] = _beside_defaults(with_kinds(kinds_said(settings), wish.kinds))
    if wish.digest_hour is not UNSET:
        merged["digest_hour"] = None if wish.digest_hour == DIGEST_HOUR else wish.digest_hour
    if wish.reminder_hour is not UNSET:
        merged["reminder_hour"] = None if wish.reminder_hour == REMINDER_HOUR else wish.reminder_hour
    if isinstance(wish.quiet_hours, QuietHours):
        merged["quiet_hours"] = {"from": wish.quiet_hours.start, "to": wish.quiet_hours.end}
    elif wish.quiet_hours is None:
        merged["quiet_hours"] = None
    return {name: part for name, part in merged.items() if part not in (None, {})}
