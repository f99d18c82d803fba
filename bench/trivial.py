"""A DRF view that does nothing, behind a WSGI server's own door and behind our bridge."""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-the-bench-only-for-the-bench",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[],
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django must be set up first
from django.urls import path  # noqa: E402 - as above
from rest_framework.request import Request  # noqa: E402 - as above
from rest_framework.response import Response  # noqa: E402 - as above
from rest_framework.views import APIView  # noqa: E402 - as above

from workloom.config.serving.bridge import Bridge  # noqa: E402 - as above


class Hello(APIView):
    def get(self, _request: Request) -> Response:
        return Response({"hello": "world", "numbers": [1, 2, 3]})


urlpatterns = [path("hello/", Hello.as_view())]
wsgi = get_wsgi_application()
bridge = Bridge(wsgi, threads=int(os.environ.get("THREADS", "4")))
