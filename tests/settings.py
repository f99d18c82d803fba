"""The installation's own settings, with a database per process and what is slow on purpose switched off."""

import os
import tempfile
from pathlib import Path
from typing import Any

os.environ["DATA_DIR"] = str(Path(tempfile.gettempdir()) / f"workloom-tests-{getattr(os, 'getuid', os.getpid)()}")
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
os.environ.pop("DATABASE_URL", None)

from workloom.config.settings import *  # noqa: F403 - settings extend settings; the environment comes first
from workloom.config.settings.database import database_from_url
from workloom.config.settings.logs import LOGGING

KIND = os.environ.get("TEST_DB", "sqlite")
SUFFIX = os.environ.get("TEST_DB_SUFFIX", "")


def _test_database() -> dict[str, Any]:
    """On SQLite a file, because races need several connections; its name holds the process, so runs never meet."""
    name = "_".join(part for part in ("test_workloom", SUFFIX) if part)
    if KIND == "postgres":
        config = database_from_url(os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"))
        config["OPTIONS"]["options"] += " -c synchronous_commit=off"
        return config | {"TEST": {"NAME": name}}
    if KIND == "mysql":
        config = database_from_url(os.environ.get("TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql"))
        return config | {"TEST": config["TEST"] | {"NAME": name}}
    folder = Path(os.environ["DATA_DIR"])
    config = database_from_url(f"sqlite:///{folder / 'unused.sqlite3'}")
    config["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"
    return config | {"TEST": {"NAME": str(folder / f"{name}-{os.getpid()}.sqlite3")}}


DATABASES = {"default": _test_database()}
# Pytest keeps the lines of a failed test; formatting those of all others would cost more than the requests.
LOGGING = LOGGING | {"handlers": {"stderr": {"class": "logging.NullHandler"}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
THROTTLE_ANON_RATE = "1000000/hour"  # the whole suite is one visitor; the limits have tests of their own
THROTTLE_USER_RATE = "1000000/hour"
MIDDLEWARE = [*MIDDLEWARE, "tests.called.CalledMiddleware"]  # noqa: F405 - of the settings above
