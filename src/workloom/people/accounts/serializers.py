"""Bodies of this room's endpoints."""

import re
from typing import Any, ClassVar, Final

from rest_framework import serializers

from workloom.core.http.inputs import Flag, Ids, Input, Moment, Text, Word, Zone
from workloom.core.http.parts import Part
from workloom.people.accounts.rows import ProfileRow, TokenRow, UserRow
from workloom.people.accounts.rules.names import LONGEST_EMAIL, LONGEST_USERNAME
from workloom.people.accounts.rules.notices import ChannelWish, MailMode, NoticeKind, NoticeWish, QuietHours
from workloom.people.accounts.rules.tokens import LONGEST
from workloom.people.accounts.rules.wanted import (
    Credentials,
    Farewell,
    NewPassword,
    ProfileChange,
    Refresh,
    Registration,
    TokenWish,
)
from workloom.people.rights.rules import Scope

_LONGEST_SENT = 1024
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Password(Text):
    """A password as it was typed, blanks and all; whether it is a good one is for the rules to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "trim_whitespace": False,
                "max_length": _LONGEST_SENT,
                "style": {"input_type": "password"},
                "write_only": True,
                **options,
            }
        )


class Email(serializers.EmailField):
    """An address and nothing that merely can be turned into one."""

    default_error_messages = {"invalid": "Send an e-mail address, for example ann@example.org."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers and lists."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class RegisterIn(Input):
    """A new account."""

    builds = Registration
    row = UserRow
    aliases: ClassVar = {"re_password": "password_confirm"}

    email = Email(max_length=LONGEST_EMAIL, help_text="Unique in any case.")
    password = Password(help_text="8 to 128 characters, neither common nor made of your own names.")
    password_confirm = Password(required=False, help_text="Must equal password where it is sent.")
    username = Text(
        required=False,
        max_length=LONGEST_USERNAME,
        help_text="Unique in any case, without @; made from the address when absent.",
    )
    name = Text(required=False, max_length=200, allow_blank=True)


class LoginIn(Input):
    """E-mail address or username, and password."""

    builds = Credentials

    email = Text(required=False, max_length=LONGEST_EMAIL, help_text="The address, or the username.")
    username = Text(required=False, max_length=LONGEST_EMAIL, help_text="The username, or the address.")
    password = Password()
    cookie = Flag(
        required=False, help_text="For browsers: the session goes into an HttpOnly cookie, and no token is answered."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand a name to sign in by."""
        if not attrs.get("email") and not attrs.get("username"):
            raise serializers.ValidationError({"email": "Send email or username."}, code="required")
        if attrs.get("email") and attrs.get("username"):
            raise serializers.ValidationError({"username": "Send email or username, not both."}, code="contradiction")
        return attrs


class RefreshIn(Input):
    """The refresh token of a session."""

    builds = Refresh

    refresh = Text(max_length=LONGEST)


class LogoutIn(Input):
    """The refresh token of the session to end, where the header does not name it."""

    builds = Farewell

    refresh = Text(required=False, max_length=LONGEST)


class Hour(serializers.IntegerField):
    """An hour of the day and nothing that merely can be turned into one."""

    default_error_messages = {"invalid": "Send a whole number from 0 to 23."}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=23, **options)

    def to_internal_value(self, data: Any) -> int:
        """Refuse texts, fractions and true."""
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Clock(Text):
    """A time of day."""

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{CLOCK.pattern}$", "examples": ["22:00"]}
    default_error_messages = {"clock": "Send a time of day as HH:MM, for example 22:00."}

    def to_internal_value(self, data: Any) -> str:
        """Take the one form that is documented."""
        text = super().to_internal_value(data)
        if not CLOCK.fullmatch(text):
            self.fail("clock")
        return text


class QuietHoursPart(Part):
    builds = QuietHours

    to = Clock(source="end")

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, which Python does not allow as a name."""
        return {"from": Clock(source="start"), **super().get_fields()}

    def to_internal_value(self, data: Any) -> Any:
        """Refuse a night without length: whether it means always or never is not known."""
        quiet: QuietHours = super().to_internal_value(data)
        if quiet.start == quiet.end:
            detail = "from and to are the same time. Send null for no quiet hours."
            raise serializers.ValidationError({"to": [serializers.ErrorDetail(detail, code="contradiction")]})
        return quiet


class ChannelsPart(Part):
    builds = ChannelWish

    in_app = Flag(required=False)
    mail = Word(MailMode, required=False)


class KindsPart(Part):
    """Each kind by its name; null goes back to what holds when nothing is said."""

    builds = dict

    def get_fields(self) -> dict[str, Any]:
        """One field for each kind."""
        return {kind.value: ChannelsPart(required=False, allow_null=True) for kind in NoticeKind}


class NoticeSettingsPart(Part):
    builds = NoticeWish

    kinds = KindsPart(required=False)
    digest_hour = Hour(required=False, allow_null=True)
    reminder_hour = Hour(required=False, allow_null=True)
    quiet_hours = QuietHoursPart(required=False, allow_null=True)


class ProfileIn(Input):
    """One's own account."""

    builds = ProfileChange
    row = ProfileRow

    name = Text(required=False, max_length=200, allow_blank=True)
    username = Text(required=False, max_length=LONGEST_USERNAME, help_text="Unique in any case, without @.")
    bio = Text(required=False, max_length=100_000, allow_blank=True)
    time_zone = Zone(required=False, help_text="An IANA name; due dates, today and overdue are judged by it.")
    locale = serializers.RegexField(
        r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
        required=False,
        max_length=35,
        help_text="A language tag, for example en or pt-BR.",
    )
    notification_settings = NoticeSettingsPart(
        required=False, help_text="What you want to be told; names that are absent keep their values, with PUT too."
    )


class ChangePasswordIn(Input):
    """The present password and a new one."""

    builds = NewPassword
    aliases: ClassVar = {
        "old_password": "current_password",
        "re_password": "new_password_confirm",
        "re_new_password": "new_password_confirm",
    }

    current_password = Password()
    new_password = Password(help_text="8 to 128 characters, neither common nor made of your own names.")
    new_password_confirm = Password(required=False, help_text="Must equal new_password where it is sent.")


class Scopes(serializers.ListField):
    """What a token may be used for, each scope once."""

    child = serializers.ChoiceField(
        choices=[str(scope) for scope in Scope],
        error_messages={"invalid_choice": f"Send some of {', '.join(Scope)}."},
    )

    def to_internal_value(self, data: Any) -> Any:
        """Keep them in their own order."""
        sent = super().to_internal_value(data)
        return tuple(scope for scope in Scope if scope in sent)


class TokenIn(Input):
    """A personal token."""

    builds = TokenWish
    row = TokenRow

    name = Text(max_length=200)
    scopes = Scopes(
        required=False,
        allow_empty=False,
        max_length=len(Scope),
        help_text="read, write, admin; read and write when absent.",
    )
    projects = Ids(
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=100,
        help_text="Only these projects; all of yours when absent or null.",
    )
    expires_at = Moment(required=False, allow_null=True, help_text="The end of the token; none when absent or null.")
