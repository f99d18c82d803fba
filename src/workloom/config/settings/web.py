import ipaddress
from typing import Any

from workloom.config.settings.places import DATA_DIR, PACKAGE_DIR
from workloom.config.settings.readers import Reader, SettingError

_read = Reader("Web")

DEBUG = _read.flag("DEBUG", "Shows tracebacks in the browser; for development only.", default=False)
ALLOWED_HOSTS = _read.names(
    "ALLOWED_HOSTS",
    "The host names by which this server is called.",
    default=("localhost", "127.0.0.1", "[::1]"),
    example="tasks.example.org",
)
CSRF_TRUSTED_ORIGINS = _read.names(
    "CSRF_TRUSTED_ORIGINS", "Further origins whose forms are trusted.", example="https://tasks.example.org"
)
CORS_ORIGINS = _read.names(
    "CORS_ORIGINS", "Origins whose scripts may call the API; none by default.", example="https://app.example.org"
)
_PROXIES = _read.names(
    "TRUSTED_PROXIES",
    "Addresses or networks of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    example="10.0.0.0/8",
)
SECURE_SSL_REDIRECT = _read.flag("SECURE_SSL_REDIRECT", "Sends http requests to https.", default=False)
_LIKE_REDIRECT = "as `SECURE_SSL_REDIRECT`"
SESSION_COOKIE_SECURE = _read.flag(
    "SESSION_COOKIE_SECURE",
    "Sends the session cookie over https only.",
    default=SECURE_SSL_REDIRECT,
    shown=_LIKE_REDIRECT,
)
CSRF_COOKIE_SECURE = _read.flag(
    "CSRF_COOKIE_SECURE", "Sends the CSRF cookie over https only.", default=SECURE_SSL_REDIRECT, shown=_LIKE_REDIRECT
)


def _check_origins(name: str, origins: list[str]) -> None:
    for origin in origins:
        scheme, _, host = origin.partition("://")
        if scheme not in {"http", "https"} or not host or "/" in host:
            raise SettingError(name, f"names {origin!r}, which is no origin", "Write it like https://app.example.org.")


def _network(written: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise SettingError(
            "TRUSTED_PROXIES", f"names {written!r}, which is no address", "Write addresses or networks: 10.0.0.0/8."
        ) from None


_check_origins("CSRF_TRUSTED_ORIGINS", CSRF_TRUSTED_ORIGINS)
_check_origins("CORS_ORIGINS", CORS_ORIGINS)
TRUSTED_PROXIES = [_network(written) for written in _PROXIES]
if SECURE_SSL_REDIRECT and not (SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE):
    raise SettingError(
        "SECURE_SSL_REDIRECT",
        "is on while a cookie may go over http",
        "Leave SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE unset.",
    )
if DEBUG and SECURE_SSL_REDIRECT:
    raise SettingError("DEBUG", "and SECURE_SSL_REDIRECT exclude each other", "Switch DEBUG off where people work.")

SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0

ROOT_URLCONF = "workloom.config.urls"
WSGI_APPLICATION = "workloom.config.wsgi.application"
ASGI_APPLICATION = "workloom.config.asgi.application"
APPEND_SLASH = False

# Whatever answers stands inside RequestContext, so that every answer has its request id and its line in the log.
MIDDLEWARE = [
    "workloom.core.http.middleware.RequestContextMiddleware",
    "workloom.ops.metrics.MetricsMiddleware",
    "workloom.core.http.middleware.SafeHeadersMiddleware",
    "workloom.core.http.middleware.ApiPathMiddleware",
    "workloom.core.http.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "workloom.people.accounts.browser.CookieSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "workloom.people.accounts.browser.BrowserSessionMiddleware",
    "workloom.people.accounts.browser.PageMessageMiddleware",
]

CORS_ALLOWED_ORIGINS = CORS_ORIGINS
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/.*$"
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
    "Idempotency-Replayed",
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "x-csrftoken",
    "x-request-id",
    "x-requested-with",
]

# Inline styles and blob workers are what Swagger UI and ReDoc need; scripts come from this server's files only.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_PERMISSIONS = 0o600
