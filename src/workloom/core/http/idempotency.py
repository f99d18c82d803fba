"""Idempotency-Key: the same request sent again gets the first answer, and is carried out once.

A key is claimed in a transaction of its own, so that a second request sees it while the first still runs; the answer is
stored in the transaction of the change, so that neither can exist without the other. Some answers hold secrets that are
told once: what is stored is sealed.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import run_write
from workloom.core.errors import Conflict, Refused, Unprocessable
from workloom.core.http.models import KeptAnswer
from workloom.core.ids import uuid7
from workloom.core.sealing import Unreadable, seal, unseal

KEPT_FOR = timedelta(hours=24)
CLAIMED_FOR = timedelta(seconds=90)
LONGEST_KEY = 255
_PURPOSE = "kept answers"
_NOT_KEPT = {401, 403, 429}
_REPLAYED_HEADERS = ("Content-Type", "Location", "ETag")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out one keyed request."""

    row: int
    token: UUID


def key_of(header: str | None) -> str | None:
    """Read the key, bare or quoted; raises Refused for one that is empty, too long or not printable."""
    if header is None:
        return None
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(
            "invalid_idempotency_key", f"Idempotency-Key takes 1 to {LONGEST_KEY} printable ASCII characters."
        )
    return key


def caller_of(actor: Actor, address: str) -> str:
    """Name whose key it is: what a person was answered is not for those of their tokens that may do less."""
    if actor.id is None:
        return f"address:{address}"
    if actor.scopes is None and actor.projects is None:
        return str(actor.id)
    narrowed = json.dumps([sorted(actor.scopes or ()), actor.projects and sorted(map(str, actor.projects))])
    return f"{actor.id}:{hashlib.sha256(narrowed.encode()).hexdigest()[:24]}"


def fingerprint_of(request: Request) -> str:
    """Return what makes two requests the same: method, path, query and canonical JSON, or form fields and file contents."""
    digest = hashlib.sha256(f"{request.method}\n{request.path}\n{request.META.get('QUERY_STRING', '')}\n".encode())
    for part in _parts(request.data):
        digest.update(part)
    return digest.hexdigest()


def _parts(data: Any) -> Iterator[bytes]:
    if not hasattr(data, "lists"):
        yield json.dumps(data, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return
    for name, values in sorted(data.lists()):
        for value in values:
            yield json.dumps(name).encode()
            if hasattr(value, "chunks"):
                content = hashlib.sha256()
                for chunk in value.chunks():
                    content.update(chunk)
                value.seek(0)
                yield content.digest()
            else:
                yield json.dumps(value).encode("utf-8", "surrogatepass")


def claim(caller: str, key: str, fingerprint: str) -> Claim | HttpResponse:
    """Take the key, or return the answer it already has; raises Conflict while the first request still runs, Unprocessable for another request."""
    fresh = KeptAnswer(
        caller=caller,
        key=key,
        fingerprint=fingerprint,
        claim=uuid7(),
        claimed_until=now() + CLAIMED_FOR,
        created_at=now(),
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
        return Claim(fresh.pk, fresh.claim)
    except IntegrityError:
        return _claim_again(fresh)


def _claim_again(fresh: KeptAnswer) -> Claim | HttpResponse:
    rows = KeptAnswer.objects.filter(caller=fresh.caller, key=fresh.key)
    kept = rows.first()
    if kept is None:
        return claim(fresh.caller, fresh.key, fresh.fingerprint)
    is_old = kept.created_at < now() - KEPT_FOR
    if not is_old and kept.fingerprint != fresh.fingerprint:
        raise Unprocessable(
            "idempotency_key_reused",
            "This Idempotency-Key was sent with another request. Use a new key for a new request.",
        )
    if not is_old and kept.status is not None:
        return _answer(kept)
    if not is_old and kept.claimed_until > now():
        raise Conflict(
            "still_running",
            "The first request with this Idempotency-Key still runs. Ask again in a moment.",
            retry_after=1,
        )
    taken = rows.filter(claim=kept.claim).update(
        claim=fresh.claim,
        claimed_until=fresh.claimed_until,
        created_at=fresh.created_at,
        fingerprint=fresh.fingerprint,
        status=None,
        headers={},
        body=b"",
    )
    if not taken:
        raise Conflict(
            "still_running",
            "The first request with this Idempotency-Key still runs. Ask again in a moment.",
            retry_after=1,
        )
    return Claim(kept.pk, fresh.claim)


def _answer(kept: KeptAnswer) -> HttpResponse:
    try:
        body = unseal(bytes(kept.body), purpose=_PURPOSE)
    except Unreadable as error:
        raise Conflict(
            "answer_unreadable",
            "The first request with this Idempotency-Key was carried out, but SECRET_KEY has changed since and its answer "
            "cannot be read any more. Look at what there is, and use a new key for a new request.",
        ) from error
    answer = HttpResponse(body, status=kept.status, headers=kept.headers)
    answer["Idempotency-Replayed"] = "true"
    return answer


def keep(held: Claim, answer: HttpResponse) -> None:
    """Store the answer in the present transaction; raises Conflict when another request took the key over meanwhile."""
    if answer.status_code in _NOT_KEPT or answer.status_code >= 500:
        release(held)
        return
    headers = {name: answer[name] for name in _REPLAYED_HEADERS if name in answer}
    kept = KeptAnswer.objects.filter(pk=held.row, claim=held.token).update(
        status=answer.status_code, headers=headers, body=seal(answer.content, purpose=_PURPOSE)
    )
    if not kept:
        raise Conflict(
            "still_running",
            "Another request with this Idempotency-Key took over. Ask again in a moment.",
            retry_after=1,
        )


def release(held: Claim) -> None:
    """Give the key back: nothing was done with it that a retry should be told."""
    run_write(lambda: KeptAnswer.objects.filter(pk=held.row, claim=held.token).delete())


def forget_old() -> int:
    """Delete answers older than 24 hours and return how many."""
    return KeptAnswer.objects.filter(created_at__lt=now() - KEPT_FOR).delete()[0]
