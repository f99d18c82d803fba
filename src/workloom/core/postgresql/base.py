"""The engine: see `is_usable`."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Before each request a kept connection is looked at; Django would send a statement for that."""

    def is_usable(self) -> bool:
        """Tell whether the server is still there: one that has gone has closed its end, which can be read without asking it."""
        held: Any = self.connection
        if held is None or held.closed:
            return False
        if not hasattr(select, "poll"):  # Windows
            return super().is_usable()
        silent = select.poll()
        silent.register(held.fileno(), select.POLLIN)
        return not silent.poll(0) or super().is_usable()
