"""The engine: what it does cheaper than Django's, each request and each row."""

import functools
import select
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel, _queries
from psycopg.abc import Buffer
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.string import TextLoader

from workloom.core.kept_cursor import KeepsCursor
from workloom.core.statements import Held, Proof, prove, settle

# Statements that are made once are long, and above its own limits the driver reads each anew at every use.
_queries.MAX_CACHED_STATEMENT_LENGTH = 32_768
_queries.MAX_CACHED_STATEMENT_PARAMS = 600
_MOST_PREPARED = 250
"""How many statements a connection holds ready; by default it is 100, which are soon all in use."""


class UtcLoader(TimestamptzLoader):
    """Reads instants as the server spells them in UTC, by the standard library, which is some times as fast."""

    timezone = UTC
    """Django compares it with the connection's own and would replace the loader if they differed."""

    def load(self, data: Buffer) -> datetime:
        """Read one; what the standard library cannot read is the driver's: infinity, and years before Christ."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data)


class _KeepsTypes:
    """A cursor that keeps what it knows of types; the driver's own find it out anew for each statement that is not the last one."""

    _last_query: Any

    def _start_query(self, query: Any = None) -> Any:
        if self._last_query is not None:
            self._last_query = query
        return super()._start_query(query)  # type: ignore[misc] # it is put before one of the driver's


@functools.cache
def _keeping_types(kind: type[Any]) -> type[Any]:
    return type("KeptCursor", (_KeepsTypes, kind), {})


class DatabaseWrapper(KeepsCursor, base.DatabaseWrapper):
    """Before each request a kept connection is looked at; Django would send a statement for that.

    It also keeps what `statements.hold` was given: any other statement of the transaction, and its end, writes that first;
    and what `owe` was given, which no statement may pass unproven.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: list[Held] = []
        self.owed: Proof | None = None

    def made_cursor(self) -> Any:
        """Make a cursor that leaves instants to those who read its rows: they do it a column at a time."""
        cursor = _keeping_types(self.connection.cursor_factory)(self.connection)
        cursor.adapters.register_loader("timestamptz", TextLoader)
        return cursor

    def create_cursor(self, name: str | None = None) -> Any:
        """Prove what is owed and write what is held before anybody can ask or write something else."""
        if self.owed is not None:
            prove()
        if self.held:
            settle()
        return super().create_cursor(name)

    def is_before_transaction(self) -> bool:
        """Tell whether a transaction is open for Django alone: nothing in it has been sent, and none is around it."""
        return (
            len(self.atomic_blocks) == 1
            and self.isolation_level == IsolationLevel.READ_COMMITTED  # type: ignore[attr-defined] # the stubs leave it out
            and self.connection.pgconn.transaction_status == TransactionStatus.IDLE
            and not self.connection.autocommit
        )

    def execute_outside(self, cursor: Any, sql: str, params: Sequence[Any]) -> None:
        """Execute a statement without the BEGIN that the driver would send before it."""
        self._set_autocommit(autocommit=True)
        try:
            cursor.execute(sql, params)
        finally:
            if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:  # else it is lost, which was told
                self._set_autocommit(autocommit=False)

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 - Django's own signature
        """Say whether statements begin transactions. Between transactions that is only to be noted, which the driver does after some ceremony."""
        if self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self.connection._autocommit = autocommit  # noqa: SLF001 - what the driver's own setter does between transactions; its release is pinned
        else:
            super()._set_autocommit(autocommit)  # type: ignore[misc] # the stubs leave it out

    def _commit(self) -> None:
        if self.held:
            settle()
        if self.connection is not None and self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            return  # nothing has been sent since Django began
        super()._commit()  # type: ignore[misc] # the stubs leave it out

    def _rollback(self) -> None:
        self.held.clear()
        super()._rollback()  # type: ignore[misc] # the stubs leave it out

    def _savepoint_rollback(self, sid: str) -> None:
        """Forget what is held: setting the savepoint has written all that was held before."""
        self.held.clear()
        super()._savepoint_rollback(sid)  # type: ignore[misc] # as above

    def _close(self) -> None:
        self.held.clear()
        super()._close()  # type: ignore[misc] # the stubs leave it out

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect as Django does, and read instants our way: sessions are in UTC."""
        made = super().get_new_connection(conn_params)
        made.prepared_max = _MOST_PREPARED
        if self.timezone == UTC:
            made.adapters.register_loader("timestamptz", UtcLoader)
        return made

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
