"""The framework's request, with bodies of JSON read past the choice of a parser: most endpoints read nothing else."""

from typing import Any, Final

from django.utils.datastructures import MultiValueDict
from rest_framework.request import Empty, Request

from workloom.core.http.parsing import JsonParser

_JSON: Final = {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"}


class ApiRequest(Request):
    """What is not spelled like this, and what was read already, goes the framework's way, which comes to the same."""

    _data: Any
    _full_data: Any
    _files: Any

    @property
    def data(self) -> Any:
        """The document that was sent; raises Unreadable."""
        parser = self.parsers[0] if self.parsers else None
        if self._full_data is Empty and type(parser) is JsonParser and self._is_plain_json():
            inner: Any = self._request
            self._data = self._full_data = {}  # what remains of a body that cannot be read
            self._files = MultiValueDict()
            self._data = self._full_data = parser.parse(inner)
        return super().data

    def _is_plain_json(self) -> bool:
        inner: Any = self._request
        told = inner.META
        return (
            str(told.get("CONTENT_TYPE", "")).lower() in _JSON
            and str(told.get("CONTENT_LENGTH", "")).lstrip("0").isdigit()
            and not inner._read_started  # noqa: SLF001 - what the framework itself goes by
        )
