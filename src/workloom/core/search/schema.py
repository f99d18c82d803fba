"""The engines' own indexes over the search table, for the migrations that make them."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from workloom.core.search.tokens import REACH, REACH_BYTES, TSVECTOR_BYTES
from workloom.core.text import DENSE_RANGES

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
)
# What follows from each place inside each word of a script with spaces, as `tokens.inner_part` cuts it; no more than a
# tsvector can hold. Short plain words, which most are, need no measuring. Others go through in stretches, since finding a
# place in a text takes the longer the further in it is. All of it costs as much as some thousand comparisons, which the
# planner has to know: it then looks at everything else first. PL/pgSQL keeps the plan of its question from call to call,
# plain SQL would make it anew for each entry; and as the planner takes a text to have thousands of words, some servers
# would compile that plan for each entry, unless told not to.
_STRETCH = 64
_PART = " ".join(
    f"WHEN octet_length(substr(stretch, place, {length})) <= {REACH_BYTES} THEN substr(stretch, place, {length})"
    for length in range(REACH, 2, -1)
)
_INNER_PARTS = (
    f"""
    CREATE FUNCTION core_search_inner(body text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 2000 SET jit = off AS $$ DECLARE
        words text[] := string_to_array(left(body, {TSVECTOR_BYTES // REACH_BYTES}), ' ');
    BEGIN
        RETURN array_to_tsvector(ARRAY(
            SELECT substr(word, place, {REACH})
            FROM unnest(words) AS word, generate_series(1, length(word) - 2) AS place
            WHERE octet_length(word) = length(word) AND length(word) <= {_STRETCH}
            UNION ALL
            SELECT CASE
                WHEN octet_length(stretch) = length(stretch) THEN substr(stretch, place, {REACH}) {_PART}
                ELSE substr(stretch, place, 2) END
            FROM unnest(words) AS word,
                generate_series(1, length(word) - 2, {_STRETCH}) AS start,
                LATERAL substr(word, start, {_STRETCH + REACH - 1}) AS stretch,
                generate_series(1, least(length(stretch) - 2, {_STRETCH})) AS place
            WHERE CASE WHEN octet_length(word) = length(word) THEN length(word) > {_STRETCH}
                ELSE word !~ '[{DENSE_RANGES}]' END));
    END $$
    """,  # noqa: S608 - made of constants
    "CREATE INDEX core_searchrow_inner ON core_searchrow USING gin (core_search_inner(body))",
    # Which parts are frequent would take the database seconds to count each time, and changes no plan: nothing finds
    # texts with a word quicker than this index.
    "ALTER INDEX core_searchrow_inner ALTER COLUMN 1 SET STATISTICS 0",
    "DROP INDEX IF EXISTS core_searchrow_grams",
)
_NO_INNER_PARTS = ("DROP INDEX core_searchrow_inner", "DROP FUNCTION core_search_inner")
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


def make_indexes(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make them on the database at hand."""
    _run(editor, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "mysql": _MYSQL}[editor.connection.vendor])


def drop_indexes(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop what does not go with the table, as triggers and ordinary indexes do."""
    if editor.connection.vendor == "sqlite":
        _run(editor, _DROP_SQLITE)


def index_inner_parts(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Index parts of words on PostgreSQL, in place of the trigrams of its first migration's first form."""
    if editor.connection.vendor == "postgresql":
        _run(editor, _INNER_PARTS)


def drop_inner_parts(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take that back."""
    if editor.connection.vendor == "postgresql":
        _run(editor, _NO_INNER_PARTS)


def _run(editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    for statement in statements:
        editor.execute(statement)
