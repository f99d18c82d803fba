"""For hosts that want WSGI alone; `workloom serve` runs `asgi`."""

import os

from django.core.wsgi import get_wsgi_application

from workloom.config.serving.between import look_after_connection
from workloom.config.serving.memory import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workloom.config.settings")
application = get_wsgi_application()
keep_what_is_loaded()
look_after_connection()
