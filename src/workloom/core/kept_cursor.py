"""One cursor for a connection, for statements that are made once: what Django does for each cursor anew costs as much as small statements."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper as _Wrapper
else:
    _Wrapper = object


class KeepsCursor(_Wrapper):
    """Put before Django's engine."""

    _kept: Any = None

    def kept_cursor(self) -> Any:
        """Return this connection's one cursor for statements whose rows are read at once.

        None where Django has to see the statement: when the connection must be made first, when its transaction is
        broken, when somebody watches.
        """
        if self.connection is not None and not self.health_check_done:  # type: ignore[attr-defined] # the stubs leave it out
            self.close_if_health_check_failed()
        if self.connection is None or self.needs_rollback or self.queries_logged or self.execute_wrappers:
            return None
        if self._kept is None or self._kept.connection is not self.connection:
            self._kept = self.made_cursor()
        return self._kept

    def made_cursor(self) -> Any:
        """Make a cursor as Django's engine does."""
        return super().create_cursor()

    def is_before_transaction(self) -> bool:
        """Tell whether a transaction is open for Django alone; no engine but PostgreSQL's puts its beginning off."""
        return False
