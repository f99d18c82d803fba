"""The stream under /api/v1/; the socket's address is /ws/tasks/."""

from django.urls import path

from workloom.outlets.realtime.views import EventStream

urlpatterns = [path("events/stream/", EventStream.as_view())]
