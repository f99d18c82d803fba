from workloom.config.settings.readers import Reader, SettingError, is_set, refuse_together

_read = Reader("Sign-in")

AUTH_USER_MODEL = "accounts.User"

AUTHENTICATION_BACKENDS = ["workloom.people.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["workloom.people.accounts.hashers.LeanArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "name")},
    },
]

JWT_SECRET_KEY = _read.text(
    "JWT_SECRET_KEY",
    "Signs access tokens (HS256).",
    shown="derived from `SECRET_KEY`",
    example="50 or more random characters",
)
JWT_PRIVATE_KEY = _read.text(
    "JWT_PRIVATE_KEY",
    "An Ed25519 key in PEM form: tokens are then signed with EdDSA and `auth/jwks/` answers the public half.",
    example="the text of a PEM file",
)
JWT_ACCESS_TOKEN_LIFETIME = _read.whole(
    "JWT_ACCESS_TOKEN_LIFETIME", "Minutes that an access token lives.", default=30, between=(1, 1440)
)
JWT_REFRESH_TOKEN_LIFETIME = _read.whole(
    "JWT_REFRESH_TOKEN_LIFETIME",
    "Minutes that a session lives without being used.",
    default=10_080,
    between=(5, 525_600),
)
TOKEN_COMPAT = _read.flag(
    "TOKEN_COMPAT", "Serves `/api/token/`, whose sessions keep their refresh token.", default=True
)
REQUIRE_VERIFIED_EMAIL = _read.flag(
    "REQUIRE_VERIFIED_EMAIL", "Only people with a verified address may sign in.", default=False
)

refuse_together(["JWT_SECRET_KEY"], ["JWT_PRIVATE_KEY"])
if JWT_SECRET_KEY and len(JWT_SECRET_KEY) < 32:
    raise SettingError("JWT_SECRET_KEY", "is shorter than 32 characters", "Use a long random one, or leave it unset.")
if JWT_REFRESH_TOKEN_LIFETIME <= JWT_ACCESS_TOKEN_LIFETIME:
    raise SettingError(
        "JWT_REFRESH_TOKEN_LIFETIME", "is not longer than JWT_ACCESS_TOKEN_LIFETIME", "Give sessions more minutes."
    )
if REQUIRE_VERIFIED_EMAIL and not is_set("EMAIL_URL", "EMAIL_HOST"):
    raise SettingError(
        "REQUIRE_VERIFIED_EMAIL", "is on while no mail can be sent", "Set EMAIL_URL, so that people get their links."
    )
