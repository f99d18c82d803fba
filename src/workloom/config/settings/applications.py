from workloom.config.rooms import ROOMS

INSTALLED_APPS = [
    *ROOMS,
    "workloom.people.accounts.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "workloom.config",
]
