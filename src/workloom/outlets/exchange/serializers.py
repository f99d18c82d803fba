"""What comes in about imports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from msgspec import UNSET, UnsetType
from rest_framework import serializers

from workloom.core.http.inputs import Flag, Id, Input, NewId, Text, Word
from workloom.outlets.exchange.sources import KINDS
from workloom.outlets.exchange.sources.csv_columns import read_mapping

if TYPE_CHECKING:
    from django.core.files import File


@dataclass(frozen=True, slots=True)
class ImportForm:
    """The parts of the form."""

    kind: str
    project: UUID
    file: "File[bytes]"
    id: UUID | UnsetType = UNSET
    dry_run: bool = False
    map: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """For whom."""

    user: UUID | UnsetType = UNSET


class ColumnMap(Text):
    """field=column, separated by commas."""

    openapi: ClassVar[dict[str, Any]] = {
        "type": "string",
        "maxLength": 10_000,
        "examples": ["title=summary,description=body"],
    }

    def to_internal_value(self, data: Any) -> Any:
        """Read the pairs."""
        return read_mapping(super().to_internal_value(data))


class ImportIn(Input):
    """A file and where it goes. `map` says for tables which column is which field, as `title=summary,due=Deadline`."""

    builds = ImportForm
    aliases: ClassVar[Mapping[str, str]] = {"project_id": "project", "mapping": "map"}

    id = NewId(required=False)
    kind = Word(KINDS)
    project = Id()
    file = serializers.FileField(allow_empty_file=True, max_length=255)
    dry_run = Flag(required=False)
    map = ColumnMap(max_length=10_000, required=False, allow_blank=True)


class ClaimIn(Input):
    """Without `user` it is for the caller."""

    builds = Claim
    aliases: ClassVar[Mapping[str, str]] = {"user_id": "user"}

    user = Id(required=False)
