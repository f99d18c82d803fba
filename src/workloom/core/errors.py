"""Refusals in domain words; `core.http` alone turns them into answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: a stable code and a sentence with the remedy."""

    field: str
    code: str
    detail: str


class Refused(Exception):
    """Something asked for will not be done; `extra` becomes members of the problem document."""

    status = 400
    title = "The request cannot be carried out"

    def __init__(self, code: str, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.extra: Mapping[str, Any] = extra
        self.errors: Sequence[FieldError] = ()


class Invalid(Refused):
    """One field, or several by `Invalid.many`, hold what cannot be taken."""

    title = "Some of what was sent is not valid"

    def __init__(self, field: str, code: str, detail: str, **extra: object) -> None:
        super().__init__("invalid", detail, **extra)
        self.errors = (FieldError(field, code, detail),)

    @classmethod
    def many(cls, errors: Sequence[FieldError]) -> "Invalid":
        """Name every wrong field at once."""
        refusal = cls(errors[0].field, errors[0].code, errors[0].detail)
        refusal.errors = tuple(errors)
        if len(errors) > 1:
            refusal.detail = f"{len(errors)} things need a correction; see errors."
        return refusal


class Unauthenticated(Refused):
    """Nobody is signed in, or not any more."""

    status = 401
    title = "Sign-in needed"

    def __init__(
        self,
        code: str = "not_authenticated",
        detail: str = "Sign in first: send Authorization: Bearer <token>.",
        **extra: object,
    ) -> None:
        super().__init__(code, detail, **extra)


class Forbidden(Refused):
    """Seen, but not allowed."""

    status = 403
    title = "Not allowed"

    def __init__(
        self, code: str = "forbidden", detail: str = "Your role does not allow this.", **extra: object
    ) -> None:
        super().__init__(code, detail, **extra)


class Missing(Refused):
    """Not there, or not for this actor's eyes: the two look the same."""

    status = 404
    title = "Not found"

    def __init__(
        self, code: str = "not_found", detail: str = "There is nothing here that you may see.", **extra: object
    ) -> None:
        super().__init__(code, detail, **extra)


class Conflict(Refused):
    """What is asked for does not fit the state that things are in."""

    status = 409
    title = "In conflict with the present state"


class Stale(Refused):
    """The version named in If-Match is not the present one; `current` is the present object."""

    status = 412
    title = "Changed in the meantime"

    def __init__(self, current: object) -> None:
        super().__init__(
            "stale",
            "This was changed in the meantime. Look at current, then send the change again with its version.",
            current=current,
        )


class TooLarge(Refused):
    """More bytes than are taken here."""

    status = 413
    title = "Too large"


class UnsupportedType(Refused):
    """A body of a kind that is not read here."""

    status = 415
    title = "Content type not supported"


class Unprocessable(Refused):
    """Understood, and contradicting what was said before."""

    status = 422
    title = "Contradicts an earlier request"


class TooMany(Refused):
    """A limit is used up for `retry_after` seconds."""

    status = 429
    title = "Too many requests"

    def __init__(self, retry_after: int, detail: str = "") -> None:
        super().__init__(
            "throttled", detail or f"Too many requests. Try again in {retry_after} s.", retry_after=retry_after
        )
        self.retry_after = retry_after


class Unavailable(Refused):
    """Not now; try again after `retry_after` seconds."""

    status = 503
    title = "Not available now"

    def __init__(self, code: str = "unavailable", detail: str = "Try again in a moment.", retry_after: int = 1) -> None:
        super().__init__(code, detail, retry_after=retry_after)
        self.retry_after = retry_after
