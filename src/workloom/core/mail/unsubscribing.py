"""The signed link by which one click ends mails of one kind for one person (RFC 8058); it works for ever, as mails are kept."""

from typing import Final
from uuid import UUID

from django.core import signing

from workloom.core.ids import parse_uuid
from workloom.core.mail.links import absolute

_SALT: Final = "workloom.mail.unsubscribe"
_PATH: Final = "/api/v1/notifications/unsubscribe/{token}/"


def unsubscribe_token(person_id: UUID, kind: str) -> str:
    """Return what the link carries: whoever has it can end these mails and do nothing else."""
    return signing.dumps([str(person_id), kind], salt=_SALT)


def read_unsubscribe_token(token: str) -> tuple[UUID, str] | None:
    """Return the person and the kind of a token of ours; None for any other text."""
    try:
        found = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    person, kind = found
    person_id = parse_uuid(person)
    return (person_id, str(kind)) if person_id else None


def unsubscribe_link(person_id: UUID, kind: str) -> str:
    """Return the address that takes a click, or a mail program's POST."""
    return absolute(_PATH.format(token=unsubscribe_token(person_id, kind)))
