from workloom.config.rooms import ROOMS
from workloom.config.examples import API_EXAMPLES as API_EXAMPLES
from workloom.config.examples import API_PATH_WORDS as API_PATH_WORDS
from workloom.config.seams import SEAMS as SEAMS
from workloom.config.ticks import TICKS as TICKS

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
