"""What comes in about notifications."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from workloom.core.http.inputs import Flag, Input, Moment
from workloom.outlets.notifications.rows import NotificationRow, PreferenceRow
from workloom.people.accounts.rules.notices import KindWishes
from workloom.people.accounts.serializers import KindsPart


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether it is read from now on."""

    is_read: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadingAll:
    """Up to when; what came later stays unread."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """How single kinds are to be told."""

    kinds: KindWishes = field(default_factory=dict)


class NotificationIn(Input):
    """Read or not."""

    builds: ClassVar = Reading
    row: ClassVar = NotificationRow

    is_read = Flag()


class ReadAllIn(Input):
    """All of them; with `until` only those that came up to then, so that nothing unseen is marked."""

    builds: ClassVar = ReadingAll

    until = Moment(required=False, allow_null=True)


class PreferenceIn(Input):
    """How kinds are told of this project; null takes back what was said of one."""

    builds: ClassVar = Telling
    row: ClassVar = PreferenceRow

    kinds = KindsPart()
