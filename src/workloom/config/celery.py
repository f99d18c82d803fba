"""The door of `celery -A workloom.config worker` and `celery -A workloom.config beat`."""

import os

import django
from django.apps import apps
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workloom.config.settings")
if not apps.ready:
    django.setup()

# Jobs and tables can be named only once Django is set up.
app = import_string("workloom.config.messages.app.app")
