"""Django's settings, one module per topic."""

from workloom.config.consumers import CONSUMERS
from workloom.config.examples import API_EXAMPLES, API_PATH_WORDS
from workloom.config.seams import SEAMS
from workloom.config.settings.api import (
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
    THROTTLE_ANON_RATE,
    THROTTLE_USER_RATE,
)
from workloom.config.settings.applications import (
    INSTALLED_APPS,
)
from workloom.config.settings.cache import (
    BROKER_URL,
    CACHES,
    REDIS_URL,
)
from workloom.config.settings.database import (
    DATABASES,
    DEFAULT_AUTO_FIELD,
)
from workloom.config.settings.keys import (
    SECRET_KEY,
)
from workloom.config.settings.logs import (
    LOG_FORMAT,
    LOG_LEVEL,
    LOGGING,
)
from workloom.config.settings.mail import (
    DEFAULT_FROM_EMAIL,
    MAIL,
    SERVER_EMAIL,
)
from workloom.config.settings.outgoing import (
    WEBHOOK_ALLOW,
    WEBHOOK_HTTPS_ONLY,
)
from workloom.config.settings.places import (
    DATA_DIR,
)
from workloom.config.settings.serving import (
    ADMIN_EMAIL,
    ADMIN_PASSWORD,
    EVENTS_KEEP_DAYS,
    HOST,
    JOBS,
    PORT,
    SERVICES,
    THREADS,
    WAKER,
    WORKERS,
)
from workloom.config.settings.sign_in import (
    AUTH_PASSWORD_VALIDATORS,
    AUTH_USER_MODEL,
    AUTHENTICATION_BACKENDS,
    JWT_ACCESS_TOKEN_LIFETIME,
    JWT_PRIVATE_KEY,
    JWT_REFRESH_TOKEN_LIFETIME,
    JWT_SECRET_KEY,
    PASSWORD_HASHERS,
    REQUIRE_VERIFIED_EMAIL,
    TOKEN_COMPAT,
)
from workloom.config.settings.web import (
    ALLOWED_HOSTS,
    APPEND_SLASH,
    ASGI_APPLICATION,
    CONTENT_SECURITY_POLICY,
    CORS_ALLOW_CREDENTIALS,
    CORS_ALLOW_HEADERS,
    CORS_ALLOWED_ORIGINS,
    CORS_EXPOSE_HEADERS,
    CORS_ORIGINS,
    CORS_URLS_REGEX,
    CSRF_COOKIE_SECURE,
    CSRF_TRUSTED_ORIGINS,
    DATA_UPLOAD_MAX_MEMORY_SIZE,
    DEBUG,
    FILE_UPLOAD_MAX_MEMORY_SIZE,
    FILE_UPLOAD_PERMISSIONS,
    LANGUAGE_CODE,
    MIDDLEWARE,
    ROOT_URLCONF,
    SECURE_HSTS_SECONDS,
    SECURE_SSL_REDIRECT,
    SESSION_COOKIE_HTTPONLY,
    SESSION_COOKIE_SAMESITE,
    SESSION_COOKIE_SECURE,
    SESSION_ENGINE,
    STATIC_ROOT,
    STATIC_URL,
    TEMPLATES,
    TIME_ZONE,
    TRUSTED_PROXIES,
    USE_I18N,
    USE_TZ,
    WSGI_APPLICATION,
    X_FRAME_OPTIONS,
)
from workloom.config.ticks import TICKS

__all__ = [
    "ADMIN_EMAIL",
    "ADMIN_PASSWORD",
    "ALLOWED_HOSTS",
    "API_EXAMPLES",
    "API_PATH_WORDS",
    "APPEND_SLASH",
    "ASGI_APPLICATION",
    "AUTHENTICATION_BACKENDS",
    "AUTH_PASSWORD_VALIDATORS",
    "AUTH_USER_MODEL",
    "BROKER_URL",
    "CACHES",
    "CONSUMERS",
    "CONTENT_SECURITY_POLICY",
    "CORS_ALLOWED_ORIGINS",
    "CORS_ALLOW_CREDENTIALS",
    "CORS_ALLOW_HEADERS",
    "CORS_EXPOSE_HEADERS",
    "CORS_ORIGINS",
    "CORS_URLS_REGEX",
    "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASES",
    "DATA_DIR",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DEBUG",
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_FROM_EMAIL",
    "EVENTS_KEEP_DAYS",
    "FILE_UPLOAD_MAX_MEMORY_SIZE",
    "FILE_UPLOAD_PERMISSIONS",
    "HOST",
    "INSTALLED_APPS",
    "JOBS",
    "JWT_ACCESS_TOKEN_LIFETIME",
    "JWT_PRIVATE_KEY",
    "JWT_REFRESH_TOKEN_LIFETIME",
    "JWT_SECRET_KEY",
    "LANGUAGE_CODE",
    "LOGGING",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MIDDLEWARE",
    "PASSWORD_HASHERS",
    "PORT",
    "REDIS_URL",
    "REQUIRE_VERIFIED_EMAIL",
    "REST_FRAMEWORK",
    "ROOT_URLCONF",
    "SEAMS",
    "SECRET_KEY",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SERVER_EMAIL",
    "SERVICES",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_SECURE",
    "SESSION_ENGINE",
    "SPECTACULAR_SETTINGS",
    "STATIC_ROOT",
    "STATIC_URL",
    "TEMPLATES",
    "THREADS",
    "THROTTLE_ANON_RATE",
    "THROTTLE_USER_RATE",
    "TICKS",
    "TIME_ZONE",
    "TOKEN_COMPAT",
    "TRUSTED_PROXIES",
    "USE_I18N",
    "USE_TZ",
    "WAKER",
    "WEBHOOK_ALLOW",
    "WEBHOOK_HTTPS_ONLY",
    "WORKERS",
    "WSGI_APPLICATION",
    "X_FRAME_OPTIONS",
]

# A mail address sets only what it names; each of its settings is one of Django's.
globals().update(MAIL)
__all__ += list(MAIL)
