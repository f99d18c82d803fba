"""Objects inside a body: as strict as the body itself."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from workloom.core.http.inputs import MOST_NAMED, no_such_field


class Part(serializers.Serializer[Any]):
    """The base of an object inside a body: unknown names are refused, the rest becomes the dataclass `builds`.

    `echoes` are read-only names that clients send back as they read them; they are dropped.
    """

    builds: ClassVar[type]
    aliases: ClassVar[Mapping[str, str]] = {}
    echoes: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        """Check names and required fields (also inside a PATCH, where the framework would let them go), then values."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": ["Send an object."]}, code="not_an_object")
        plain = {self.aliases.get(name, name): value for name, value in data.items() if name not in self.echoes}
        self._refuse_unknown(plain)
        return self.builds(**super().to_internal_value(plain))

    def _refuse_unknown(self, plain: Mapping[str, Any]) -> None:
        known = list(self.fields)
        unknown = [str(name) for name in plain if name not in known][:MOST_NAMED]
        errors = {
            name[:80]: serializers.ErrorDetail(no_such_field(name, known), code="unknown_field") for name in unknown
        }
        for name, field in self.fields.items():
            if field.required and name not in plain:
                errors[name] = serializers.ErrorDetail("This field is required.", code="required")
        if errors:
            raise serializers.ValidationError({name: [error] for name, error in errors.items()})
