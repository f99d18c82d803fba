"""The engines' own indexes over the search table, for the migration that makes it."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.exceptions import BadMigrationError
from django.db.utils import DatabaseError

_SQLITE = (
    """
    CREATE VIRTUAL TABLE core_searchrow_tokens USING fts5(
        tokens, content='core_searchrow', content_rowid='id',
        tokenize="ascii tokenchars '_'", detail=none, columnsize=0)
    """,
    """
    CREATE VIRTUAL TABLE core_searchrow_grams USING fts5(
        body, content='core_searchrow', content_rowid='id',
        tokenize='trigram case_sensitive 1', detail=none, columnsize=0)
    """,
    """
    CREATE TRIGGER core_searchrow_inserted AFTER INSERT ON core_searchrow BEGIN
        INSERT INTO core_searchrow_tokens(rowid, tokens) VALUES (new.id, new.tokens);
        INSERT INTO core_searchrow_grams(rowid, body) VALUES (new.id, new.body);
    END
    """,
    """
    CREATE TRIGGER core_searchrow_deleted AFTER DELETE ON core_searchrow BEGIN
        INSERT INTO core_searchrow_tokens(core_searchrow_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO core_searchrow_grams(core_searchrow_grams, rowid, body) VALUES ('delete', old.id, old.body);
    END
    """,
    """
    CREATE TRIGGER core_searchrow_tokens_changed
    AFTER UPDATE OF tokens ON core_searchrow WHEN old.tokens <> new.tokens BEGIN
        INSERT INTO core_searchrow_tokens(core_searchrow_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO core_searchrow_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER core_searchrow_body_changed
    AFTER UPDATE OF body ON core_searchrow WHEN old.body <> new.body BEGIN
        INSERT INTO core_searchrow_grams(core_searchrow_grams, rowid, body) VALUES ('delete', old.id, old.body);
        INSERT INTO core_searchrow_grams(rowid, body) VALUES (new.id, new.body);
    END
    """,
)
_POSTGRESQL = (
    # Room on each page lets a row be marked as open or not without touching its indexes.
    "ALTER TABLE core_searchrow SET (fillfactor = 80)",
    "CREATE INDEX core_searchrow_tokens ON core_searchrow USING gin ((tokens::tsvector))",
    "CREATE INDEX core_searchrow_grams ON core_searchrow USING gin (body gin_trgm_ops)",
)
_MYSQL = (
    "ALTER TABLE core_searchrow MODIFY tokens LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL",
    """
    ALTER TABLE core_searchrow ADD written_at TIMESTAMP(6) NOT NULL
        DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
    """,
    "CREATE INDEX core_searchrow_written_at ON core_searchrow (written_at)",
    "CREATE FULLTEXT INDEX core_searchrow_tokens ON core_searchrow (tokens)",
)
_DROP_SQLITE = ("DROP TABLE core_searchrow_tokens", "DROP TABLE core_searchrow_grams")
_NO_EXTENSION = (
    "Search needs PostgreSQL's extension pg_trgm, and this account may not create it or the server does not have it."
    " Let an administrator run in this database: CREATE EXTENSION pg_trgm; (it comes with postgresql-contrib)."
)


def make_indexes(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make them on the database at hand."""
    if editor.connection.vendor == "postgresql":
        _require_trigrams(editor)
    _run(editor, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "mysql": _MYSQL}[editor.connection.vendor])


def drop_indexes(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop what does not go with the table, as triggers and ordinary indexes do."""
    if editor.connection.vendor == "sqlite":
        _run(editor, _DROP_SQLITE)


def _require_trigrams(editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone()[0]:
            return
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            raise BadMigrationError(_NO_EXTENSION) from error


def _run(editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    for statement in statements:
        editor.execute(statement)
