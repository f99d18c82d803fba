"""Answers: JSON encoded once, by msgspec."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """Return JSON; times in UTC end in Z, ids are strings."""
    return _encoder.encode(value)


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a finished answer, past the renderers: they would encode it a second time."""
    return HttpResponse(encode(value), status=status, content_type="application/json", headers=dict(headers or {}))


class JsonRenderer(BaseRenderer):
    """For answers that the framework itself makes."""

    media_type = "application/json"
    format = "json"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Encode what a framework view returned."""
        return b"" if data is None else encode(data)
