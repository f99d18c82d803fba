import importlib.util

from workloom.config.settings.readers import Reader, SettingError, is_set

_read = Reader("Serving")

HOST = _read.text("HOST", "The address that `serve` listens on.", default="127.0.0.1", example="0.0.0.0")  # noqa: S104 - only the example
PORT = _read.whole("PORT", "The one port for REST, documentation and admin.", default=8000, between=(1, 65535))
WORKERS = _read.whole("WORKERS", "Web processes of `serve`; about one per core.", default=1, between=(1, 64), example=4)
THREADS = _read.whole(
    "THREADS",
    "Requests at a time, at most, in each web process, each with a kept database connection.",
    default=4,
    between=(1, 64),
)
JOBS = _read.choice(
    "JOBS",
    "Who works the queue: `embedded` is a process beside `serve`; `celery` leaves it to Celery's workers, with"
    " `BROKER_URL` or `REDIS_URL`; `off` to `workloom run_jobs`.",
    default="embedded",
    choices=("embedded", "off", "celery"),
)
if JOBS == "celery" and not is_set("BROKER_URL", "REDIS_URL"):
    raise SettingError("JOBS", "is celery, but there is no broker", "Set BROKER_URL or REDIS_URL, or JOBS=embedded.")
if JOBS == "celery" and importlib.util.find_spec("celery") is None:
    raise SettingError(
        "JOBS", "is celery, which needs the Python package celery, which is missing", "Install workloom[celery]."
    )
WAKER = "workloom.config.messages.waking.wake" if JOBS == "celery" else ""
SERVICES = _read.choice("SERVICES", "Which part of the house this process serves.", default="all", choices=("all",))
EVENTS_KEEP_DAYS = _read.whole(
    "EVENTS_KEEP_DAYS", "Days that events are kept; 0 keeps them for ever.", default=0, between=(0, 36500), example=730
)
EVENTS_LAG_LIMIT = _read.whole(
    "EVENTS_LAG_LIMIT",
    "Seconds that the oldest event may wait for a reader of the log before `/api/health/` answers 503.",
    default=300,
    between=(10, 86400),
    example=60,
)
ADMIN_EMAIL = _read.text("ADMIN_EMAIL", "The first administrator, made at the first start.", example="you@example.org")
ADMIN_PASSWORD = _read.text("ADMIN_PASSWORD", "The password of `ADMIN_EMAIL`.", example="a long one")

if bool(ADMIN_EMAIL) != bool(ADMIN_PASSWORD):
    raise SettingError(
        "ADMIN_PASSWORD" if ADMIN_EMAIL else "ADMIN_EMAIL",
        "is missing while its other half is set",
        "Set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither to get a one-time link.",
    )
