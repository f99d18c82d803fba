"""The log under /api/v1/."""

from django.urls import path

from workloom.outlets.history.views.audit import AuditLog
from workloom.outlets.history.views.feed import EventFeed, TaskActivity

urlpatterns = [
    path("events/", EventFeed.as_view()),
    path("audit-logs/", AuditLog.as_view()),
    path("tasks/<str:task>/activity/", TaskActivity.as_view()),
]
