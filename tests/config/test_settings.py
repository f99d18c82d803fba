import runpy
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from workloom.config.settings.keys import kept_key
from workloom.config.settings.places import PACKAGE_DIR
from workloom.config.settings.readers import REGISTER, SettingError
from workloom.core.sentinels import parse_sentinels

Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Reads one topic's settings anew, with exactly these variables."""
    for name in [*REGISTER, "DATA_DIR"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def read(topic: str, **environment: str) -> dict[str, Any]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(PACKAGE_DIR / "config" / "settings" / f"{topic}.py"))

    return read


def test_with_nothing_set_the_database_is_a_sqlite_file_in_the_data_folder(load: Load) -> None:
    found = load("database")["DATABASES"]["default"]
    assert found["ENGINE"] == "workloom.core.sqlite"
    assert Path(found["NAME"]).name == "workloom.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["ATOMIC_REQUESTS"] is False


def test_an_address_names_the_database_and_its_options_go_before_ours(load: Load) -> None:
    url = "postgres://me:pass%40word@db.internal:5433/tasks?prepare_threshold=9"
    found = load("database", DATABASE_URL=url)["DATABASES"]["default"]
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.internal", 5433, "tasks")
    assert (found["USER"], found["PASSWORD"]) == ("me", "pass@word")
    assert found["OPTIONS"]["prepare_threshold"] == 9
    assert found["OPTIONS"]["server_side_binding"] is True


def test_the_parts_name_the_same_database_as_the_address(load: Load) -> None:
    parts = {"DB_ENGINE": "mysql", "DB_NAME": "tasks", "DB_USER": "me", "DB_PASSWORD": "secret", "DB_HOST": "db"}
    found = load("database", **parts)["DATABASES"]["default"]
    assert (found["ENGINE"], found["NAME"], found["HOST"], found["PORT"]) == (
        "django.db.backends.mysql",
        "tasks",
        "db",
        3306,
    )
    assert found["OPTIONS"]["isolation_level"] == "read committed"


@pytest.mark.parametrize("engine", ["django.db.backends.postgresql", "postgresql", "postgres"])
def test_an_engine_may_be_written_as_django_writes_it(load: Load, engine: str) -> None:
    found = load("database", DB_ENGINE=engine, DB_NAME="tasks")["DATABASES"]["default"]
    assert found["ENGINE"] == "workloom.core.postgresql"


@pytest.mark.parametrize(
    ("topic", "environment", "words"),
    [
        ("serving", {"PORT": "abc"}, "PORT must be a whole number, 1 to 65535, not 'abc'"),
        ("serving", {"PORT": "70000"}, "PORT must be a whole number, 1 to 65535"),
        ("serving", {"JOBS": "later"}, "JOBS must be one of embedded, off, celery, not 'later'"),
        ("serving", {"ADMIN_EMAIL": "me@example.org"}, "ADMIN_PASSWORD is missing"),
        ("serving", {"ADMIN_PASSWORD": "long enough"}, "ADMIN_EMAIL is missing"),
        ("web", {"DEBUG": "maybe"}, "DEBUG must be on or off, not 'maybe'"),
        ("web", {"CORS_ORIGINS": "app.example.org"}, "CORS_ORIGINS names 'app.example.org', which is no origin"),
        ("web", {"CSRF_TRUSTED_ORIGINS": "https://a.org/x"}, "CSRF_TRUSTED_ORIGINS names 'https://a.org/x'"),
        ("web", {"TRUSTED_PROXIES": "10.0.0.0/99"}, "TRUSTED_PROXIES names '10.0.0.0/99', which is no address"),
        ("web", {"SECURE_SSL_REDIRECT": "on", "SESSION_COOKIE_SECURE": "off"}, "a cookie may go over http"),
        ("web", {"SECURE_SSL_REDIRECT": "on", "DEBUG": "on"}, "DEBUG and SECURE_SSL_REDIRECT exclude each other"),
        ("database", {"DATABASE_URL": "oracle://db/x"}, "DATABASE_URL must be an address that begins with sqlite://"),
        ("database", {"DATABASE_URL": "postgres://db"}, "DATABASE_URL names no database"),
        ("database", {"DATABASE_URL": "sqlite:///x", "DB_NAME": "y"}, "DATABASE_URL and DB_NAME say the same thing"),
        ("database", {"DB_NAME": "tasks"}, "DB_ENGINE is missing"),
        ("database", {"DB_ENGINE": "postgres"}, "DB_NAME is missing"),
        ("serving", {"JOBS": "Celery"}, "JOBS is celery, but there is no broker. Set BROKER_URL or REDIS_URL"),
        ("cache", {"REDIS_URL": "http://cache"}, "REDIS_URL must be an address that begins with redis://"),
        ("cache", {"REDIS_URL": "amqp://cache"}, "REDIS_URL must be an address that begins with redis://"),
        ("cache", {"REDIS_URL": "redis:///0"}, "REDIS_URL names no host. Write REDIS_URL=redis://user:password@host"),
        ("cache", {"REDIS_URL": "redis://cache:port"}, "REDIS_URL has a host or port that cannot be read"),
        ("cache", {"REDIS_URL": "redis://cache/first"}, "REDIS_URL has no number where that of the database belongs"),
        ("cache", {"REDIS_URL": "redis://cache?colour=red"}, "REDIS_URL carries an option that the Redis client does"),
        ("cache", {"REDIS_URL": "redis://cache?socket_timeout=long"}, "REDIS_URL carries an option that the Redis"),
        ("cache", {"REDIS_URL": "unix://run/redis.sock"}, "REDIS_URL names no socket"),
        ("cache", {"REDIS_URL": "redis+sentinel://one,two:26380"}, "REDIS_URL names no service that the Sentinels"),
        ("cache", {"REDIS_URL": "redis+sentinel://one,/tasks"}, "REDIS_URL names no host. Write REDIS_URL=redis+sent"),
        ("cache", {"REDIS_URL": "redis+sentinel://one/tasks/a"}, "REDIS_URL has no number where that of the database"),
        ("cache", {"REDIS_URL": "redis+sentinel://one/tasks?db=1"}, "REDIS_URL carries 'db', while a Sentinel's"),
        ("cache", {"BROKER_URL": "unix://run/redis.sock"}, "BROKER_URL names no socket, whose path"),
        ("cache", {"BROKER_URL": "amqp:///vhost"}, "BROKER_URL names no host. Write BROKER_URL=amqp://user:password"),
        ("mail", {"EMAIL_URL": "smtp://mail", "EMAIL_HOST": "mail"}, "EMAIL_URL and EMAIL_HOST say the same thing"),
        ("mail", {"EMAIL_USE_TLS": "on", "EMAIL_USE_SSL": "on"}, "EMAIL_USE_SSL and EMAIL_USE_TLS exclude each other"),
        ("api", {"THROTTLE_ANON_RATE": "many"}, "THROTTLE_ANON_RATE must be a rate such as 1000/hour"),
        ("sign_in", {"JWT_SECRET_KEY": "short"}, "JWT_SECRET_KEY is shorter than 32 characters"),
        ("sign_in", {"JWT_ACCESS_TOKEN_LIFETIME": "60", "JWT_REFRESH_TOKEN_LIFETIME": "60"}, "is not longer than"),
        ("sign_in", {"JWT_SECRET_KEY": "x" * 40, "JWT_PRIVATE_KEY": "y"}, "say the same thing twice"),
        ("sign_in", {"REQUIRE_VERIFIED_EMAIL": "on"}, "REQUIRE_VERIFIED_EMAIL is on while no mail can be sent"),
        ("keys", {"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32 characters"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_with_a_remedy(
    load: Load, topic: str, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        load(topic, **environment)
    assert words in str(refusal.value)
    assert str(refusal.value).count(".") >= 2


def test_a_refused_address_does_not_show_its_password(load: Load) -> None:
    with pytest.raises(SettingError) as refusal:
        load("database", DATABASE_URL="postgrse://me:hunter2hunter2@db/x")
    assert "hunter2" not in str(refusal.value)
    with pytest.raises(SettingError) as refusal:
        load("cache", REDIS_URL="redis://me:hunter2#hunter2@cache/0")
    assert "hunter2" not in str(refusal.value)


def test_an_empty_variable_counts_as_unset(load: Load) -> None:
    assert load("serving", PORT="", JOBS=" ")["PORT"] == 8000


def test_debug_is_off_and_every_origin_closed_by_default(load: Load) -> None:
    found = load("web")
    assert found["DEBUG"] is False
    assert found["CORS_ALLOWED_ORIGINS"] == []
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_a_mail_address_sets_what_it_names(load: Load) -> None:
    mail = load("mail", EMAIL_URL="smtp+tls://me:secret@mail.example.org:587")["MAIL"]
    assert mail["EMAIL_HOST"] == "mail.example.org"
    assert mail["EMAIL_PORT"] == 587
    assert mail["EMAIL_USE_TLS"] is True


@pytest.mark.parametrize(
    ("url", "port", "encrypted"),
    [
        ("smtp://mail", 25, ""),
        ("smtp+tls://mail", 587, "TLS"),
        ("smtps://mail", 587, "TLS"),
        ("smtp+ssl://mail", 465, "SSL"),
        ("smtp+ssl://mail:2465", 2465, "SSL"),
    ],
)
def test_a_mail_address_without_a_port_takes_the_usual_one(load: Load, url: str, port: int, encrypted: str) -> None:
    mail = load("mail", EMAIL_URL=url)["MAIL"]
    assert (mail["EMAIL_PORT"], mail["EMAIL_TIMEOUT"]) == (port, 10)
    assert [kind for kind in ("TLS", "SSL") if mail.get(f"EMAIL_USE_{kind}")] == ([encrypted] if encrypted else [])


def test_links_begin_with_the_public_address(load: Load) -> None:
    assert load("mail")["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert load("mail", PUBLIC_URL="https://example.org:8443/tasks/")["PUBLIC_URL"] == "https://example.org:8443/tasks"


@pytest.mark.parametrize(
    "url",
    ["https://", "https://a.org?x=1", "https://a.org#x", "https://me@a.org", "https://a.org:x", "https://a b.org"],
)
def test_what_links_cannot_begin_with_stops_the_start(load: Load, url: str) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL is more or less than an address"):
        load("mail", PUBLIC_URL=url)


@pytest.mark.parametrize("sender", ["Workloom", "workloom@", "Workloom <>"])
def test_mail_without_a_sender_stops_the_start(load: Load, sender: str) -> None:
    with pytest.raises(SettingError, match="DEFAULT_FROM_EMAIL is no address"):
        load("mail", DEFAULT_FROM_EMAIL=sender)


def test_without_a_mail_server_mails_go_to_the_log(load: Load) -> None:
    assert load("mail")["MAIL"]["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


def test_the_secret_key_is_made_once_for_all_who_start_together(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(path), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_key_file_is_refused_and_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(SettingError, match="Delete that file"):
        kept_key(tmp_path / "secret.key")


def test_redis_carries_the_cache_of_all_processes(load: Load) -> None:
    found = load("cache", REDIS_URL="redis://cache.internal:6379/2")["CACHES"]["default"]
    assert found["BACKEND"] == "workloom.core.redis_cache.RedisCache"
    assert found["LOCATION"] == "redis://cache.internal:6379/2"


@pytest.mark.parametrize(
    "url",
    [
        "rediss://me:pass%40word@cache.internal:6380/1?ssl_cert_reqs=required&ssl_ca_certs=/etc/ssl/ca.pem",
        "unix:///run/redis/redis.sock?db=2",
        "redis+sentinel://me:pass%2Cword@one,[::1]:26380/tasks/3",
    ],
)
def test_redis_may_be_reached_in_other_ways(load: Load, url: str) -> None:
    found = load("cache", REDIS_URL=url)
    assert found["CACHES"]["default"]["LOCATION"] == url
    assert found["BROKER_URL"] == url


def test_the_address_of_sentinels_is_taken_apart() -> None:
    found = parse_sentinels("redis+sentinel://me:pass%2Cword@one,[::1]:26380/tasks/3?sentinel_password=other")
    assert found.hosts == (("one", 26379), ("::1", 26380))
    assert (found.service, found.database) == ("tasks", 3)
    assert found.sign_in == {"username": "me", "password": "pass,word"}
    assert found.own_sign_in == {"password": "other"}
    assert "word" not in repr(found)
    assert parse_sentinels("redis+sentinel://one/tasks").database == 0


@pytest.mark.parametrize("scheme", ["redis", "rediss", "amqp", "amqps"])
def test_the_broker_may_be_another_server_than_the_cache(load: Load, scheme: str) -> None:
    url = f"{scheme}://me:secret@broker.internal/1"
    found = load("cache", BROKER_URL=url)
    assert (found["REDIS_URL"], found["BROKER_URL"]) == ("", url)


@pytest.mark.parametrize(
    ("topic", "name", "url", "package"),
    [
        ("database", "DATABASE_URL", "postgres://db/x", "workloom[postgres]"),
        ("database", "DATABASE_URL", "mysql://db/x", "workloom[mysql]"),
        ("cache", "REDIS_URL", "redis://cache", "workloom[redis]"),
        ("cache", "REDIS_URL", "redis+sentinel://cache/tasks", "workloom[redis]"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    load: Load, monkeypatch: pytest.MonkeyPatch, topic: str, name: str, url: str, package: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SettingError) as refusal:
        load(topic, **{name: url})
    assert package in str(refusal.value)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path, load: Load) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="DATA_DIR cannot be made at"):
        load("places", DATA_DIR=str(tmp_path / "file" / "data"))["data_dir"]()
