from typing import Any, Final

import environ

from workloom.config.settings.engines import MYSQL, POSTGRESQL, SQLITE, engine_defaults, require_driver
from workloom.config.settings.places import data_dir
from workloom.config.settings.readers import Reader, SettingError, is_set, refuse_together

_read = Reader("Database")

_PARTS: Final = ("DB_ENGINE", "DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT")
_ENGINES: Final = {
    "sqlite": SQLITE,
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    "mysql": MYSQL,
    "mariadb": MYSQL,
    **{engine: engine for engine in (SQLITE, POSTGRESQL, MYSQL)},
}
_PORTS: Final = {POSTGRESQL: 5432, MYSQL: 3306}


def database_from_url(url: str) -> dict[str, Any]:
    """What the address says goes before our own options."""
    parsed = dict(environ.Env.db_url_config(url))
    engine = parsed.pop("ENGINE")
    if not parsed.get("NAME"):
        raise SettingError("DATABASE_URL", "names no database", "End it with /name.")
    require_driver(engine)
    config = engine_defaults(engine)
    options = config["OPTIONS"] | parsed.pop("OPTIONS", {})
    return config | parsed | {"OPTIONS": options}


def _database_from_parts(parts: dict[str, str]) -> dict[str, Any]:
    engine = _ENGINES[parts["DB_ENGINE"]]
    if engine != SQLITE and not parts["DB_NAME"]:
        raise SettingError("DB_NAME", "is missing", "Name the database, or give DATABASE_URL instead.")
    require_driver(engine)
    keys = {"NAME": "DB_NAME", "USER": "DB_USER", "PASSWORD": "DB_PASSWORD", "HOST": "DB_HOST"}
    config = engine_defaults(engine) | {key: parts[name] for key, name in keys.items()}
    if engine == SQLITE:
        return config | {"NAME": parts["DB_NAME"] or str(data_dir() / "workloom.sqlite3")}
    return config | {"HOST": parts["DB_HOST"] or "127.0.0.1", "PORT": int(parts["DB_PORT"]) or _PORTS[engine]}


def _database() -> dict[str, Any]:
    url = _read.url(
        "DATABASE_URL",
        "The database; when unset, a SQLite file in `DATA_DIR`.",
        schemes=("sqlite", "postgres", "postgresql", "mysql"),
        example="postgres://workloom:password@db.internal:5432/workloom",
    )
    parts = {
        "DB_ENGINE": _read.choice(
            "DB_ENGINE", "The kind of database, in place of `DATABASE_URL`.", default="sqlite", choices=list(_ENGINES)
        ),
        "DB_NAME": _read.text("DB_NAME", "The database's name, or SQLite's file.", example="workloom"),
        "DB_USER": _read.text("DB_USER", "Who signs in to the database.", example="workloom"),
        "DB_PASSWORD": _read.text("DB_PASSWORD", "The password of `DB_USER`.", example="a long one"),
        "DB_HOST": _read.text("DB_HOST", "The database's host; 127.0.0.1 when unset.", example="db.internal"),
        "DB_PORT": str(
            _read.whole(
                "DB_PORT", "The database's port; 0 takes its usual one.", default=0, between=(0, 65535), example=5433
            )
        ),
    }
    refuse_together(["DATABASE_URL"], _PARTS)
    if url:
        return database_from_url(url)
    if is_set(*_PARTS[1:]) and not is_set("DB_ENGINE"):
        raise SettingError("DB_ENGINE", "is missing while other DB_ settings are there", "Write DB_ENGINE=postgres.")
    return _database_from_parts(parts)


DATABASES = {"default": {"ATOMIC_REQUESTS": False, **_database()}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["models.W037"]
"""That MariaDB indexes all rows where others index those that have a value: `index_where_set` says so."""
