"""Where a lower room lets upper rooms take part in its transaction, without knowing them: the list stands in config/seams.py."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def _functions(seam: str) -> tuple[Callable[..., Any], ...]:
    return tuple(import_string(name) for name in settings.SEAMS[seam])


def call(seam: str, *args: Any, **kwargs: Any) -> None:
    """Call everybody on the seam's list, in its order; what they raise undoes the whole transaction."""
    for function in _functions(seam):
        function(*args, **kwargs)


def holds(seam: str, *args: Any, **kwargs: Any) -> bool:
    """Ask everybody on the seam's list, and tell whether all say yes; an empty list objects to nothing."""
    return all(function(*args, **kwargs) for function in _functions(seam))


def ask(seam: str, *args: Any, **kwargs: Any) -> Any:
    """Ask the one function on the seam's list, and return what it says."""
    (function,) = _functions(seam)
    return function(*args, **kwargs)
