"""What each database engine needs to keep the house's promises, whatever its address."""

import importlib
import importlib.util
from typing import Any, Final

from workloom.config.settings.readers import SettingError

SQLITE: Final = "django.db.backends.sqlite3"
POSTGRESQL: Final = "django.db.backends.postgresql"
MYSQL: Final = "django.db.backends.mysql"

_LOCK_SECONDS: Final = 15
_DRIVERS: Final = {POSTGRESQL: ("psycopg", "postgres"), MYSQL: ("pymysql", "mysql")}

# NORMAL: in WAL mode a power cut may lose the last commits and never harms the database.
# What was written is carried over into the file every 32 MB, not every 4: most of it lies in the same few hundred pages.
_SQLITE_START: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA mmap_size=2147418112",
    "PRAGMA cache_size=-16384",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=8000",
)


def engine_defaults(engine: str) -> dict[str, Any]:
    if engine == SQLITE:
        return {
            "ENGINE": "workloom.core.sqlite",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": ";".join(_SQLITE_START)},
            "CONN_MAX_AGE": None,
        }
    kept: dict[str, Any] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if engine == POSTGRESQL:
        # Server-side binding and an early prepare belong together: without both nothing is prepared.
        return kept | {
            "ENGINE": "workloom.core.postgresql",
            "OPTIONS": {
                "server_side_binding": True,
                "prepare_threshold": 2,
                "options": f"-c jit=off -c lock_timeout={_LOCK_SECONDS}s",
            },
        }
    return kept | {
        "ENGINE": MYSQL,
        "OPTIONS": {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "init_command": "SET SESSION sql_mode='TRADITIONAL', group_concat_max_len=1048576, "
            f"innodb_lock_wait_timeout={_LOCK_SECONDS}",
        },
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_nopad_bin"},
    }


def require_driver(engine: str) -> None:
    if engine not in _DRIVERS:
        return
    module, extra = _DRIVERS[engine]
    if importlib.util.find_spec(module) is None:
        raise SettingError(
            "DATABASE_URL", f"needs the Python package {module}, which is missing", f"Install workloom[{extra}]."
        )
    if engine == MYSQL and importlib.util.find_spec("MySQLdb") is None:
        importlib.import_module(module).install_as_MySQLdb()
