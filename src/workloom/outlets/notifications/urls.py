"""Notifications under /api/v1/."""

from django.urls import path

from workloom.outlets.notifications.views.notifications import (
    NotificationItem,
    NotificationList,
    NotificationRead,
    ReadAll,
    UnreadCount,
)
from workloom.outlets.notifications.views.preferences import PreferenceItem, PreferenceList, Unsubscribe

urlpatterns = [
    path("notifications/", NotificationList.as_view()),
    path("notifications/read-all/", ReadAll.as_view()),
    path("notifications/unread_count/", UnreadCount.as_view()),
    path("notifications/unread-count/", UnreadCount.as_view(alias=True)),
    path("notifications/preferences/", PreferenceList.as_view()),
    path("notifications/preferences/<uuid:project_id>/", PreferenceItem.as_view()),
    path("notifications/unsubscribe/<str:ticket>/", Unsubscribe.as_view()),
    path("notifications/<uuid:notification_id>/", NotificationItem.as_view()),
    path("notifications/<uuid:notification_id>/read/", NotificationRead.as_view()),
]
