"""The doors to one's notifications."""

from uuid import UUID

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.outlets.notifications.access import access_notification
from workloom.outlets.notifications.actions import mark_all_read, mark_read, mark_unread, remove_notification
from workloom.outlets.notifications.models import Notification
from workloom.outlets.notifications.queries.listing import (
    NOTIFICATION_LIST,
    NOTIFICATIONS,
    unread_count,
    visible_notifications,
)
from workloom.outlets.notifications.rows import NotificationRow, ReadAllRow, UnreadRow
from workloom.outlets.notifications.serializers import NotificationIn, ReadAllIn
from workloom.people.rights.rules import Right, demand_personal


class NotificationEndpoint(Endpoint):
    """What the doors to one notification do alike."""

    def current(self, found: Notification) -> msgspec.Struct:
        """Show it as it is."""
        return NOTIFICATIONS.one(Notification.objects.filter(pk=found.pk), Wanted(self.actor))

    def present(self, found: Notification) -> HttpResponse:
        """Answer it in the shape that the caller wants."""
        return self.show(NOTIFICATIONS, found)


class NotificationList(Endpoint):
    """What one was told."""

    asks_along = True

    @operation("List notifications", listing=NOTIFICATION_LIST, reply=NotificationRow, errors=(403,))
    def get(self, request: Request) -> HttpResponse:
        """Your own, in pages. Those of tasks that you may no longer see, or that are in the trash, are not shown."""
        demand_personal(self.actor, Right.ACCOUNT_READ)
        return self.page(NOTIFICATION_LIST, visible_notifications(self.actor))


class NotificationItem(NotificationEndpoint):
    """One of them."""

    @operation("Get a notification", shows=NOTIFICATIONS, errors=(403, 404))
    def get(self, request: Request, notification_id: UUID) -> HttpResponse:
        """Looking at it does not mark it as read."""
        return self.present(access_notification(self.actor, notification_id, Right.ACCOUNT_READ))

    @operation("Change a notification", body=NotificationIn, shows=NOTIFICATIONS, errors=(403, 404, 412))
    def patch(self, request: Request, notification_id: UUID) -> HttpResponse:
        """Mark it as read, or as unread again."""
        found = access_notification(self.actor, notification_id, Right.NOTIFICATION_EDIT)
        wanted = self.parse(NotificationIn, current=lambda: self.current(found))
        self.guard(found.version, lambda: self.current(found))
        if wanted.is_read is not None:
            (mark_read if wanted.is_read else mark_unread)(found)
        return self.present(found)

    @operation("Replace a notification", body=NotificationIn, shows=NOTIFICATIONS, errors=(403, 404, 412))
    def put(self, request: Request, notification_id: UUID) -> HttpResponse:
        """As PATCH, but `is_read` must be sent."""
        return self.patch(request, notification_id)

    @operation("Delete a notification", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, notification_id: UUID) -> HttpResponse:
        """Take it off your list for good."""
        found = access_notification(self.actor, notification_id, Right.NOTIFICATION_EDIT)
        self.guard(found.version, lambda: self.current(found))
        remove_notification(found)
        return self.done()


class NotificationRead(NotificationEndpoint):
    """The usual way to mark one."""

    @operation("Mark a notification as read", shows=NOTIFICATIONS, errors=(403, 404))
    def post(self, request: Request, notification_id: UUID) -> HttpResponse:
        """As PATCH of the notification with `is_read: true`."""
        return self._mark(notification_id)

    @operation("Mark a notification as read, by PATCH", shows=NOTIFICATIONS, errors=(403, 404))
    def patch(self, request: Request, notification_id: UUID) -> HttpResponse:
        """As POST, for clients that change by PATCH; a body is not looked at."""
        return self._mark(notification_id)

    def _mark(self, notification_id: UUID) -> HttpResponse:
        found = access_notification(self.actor, notification_id, Right.NOTIFICATION_EDIT)
        mark_read(found)
        return self.present(found)


class ReadAll(Endpoint):
    """Marking all at once."""

    @operation("Mark all notifications as read", body=ReadAllIn, reply=ReadAllRow, errors=(403,))
    def post(self, request: Request) -> HttpResponse:
        """All that you can see. Send the newest `created_at` that you know as `until`, and what came since stays unread."""
        demand_personal(self.actor, Right.NOTIFICATION_EDIT)
        wanted = self.parse(ReadAllIn)
        found = visible_notifications(self.actor)
        marked = mark_all_read(found.filter(created_at__lte=wanted.until) if wanted.until else found)
        return self.reply(ReadAllRow(marked, unread_count(self.actor)))


class UnreadCount(Endpoint):
    """The figure on the bell."""

    asks_along = True

    @operation("Count unread notifications", reply=UnreadRow, errors=(403,))
    def get(self, request: Request) -> HttpResponse:
        """Of those that you can see."""
        demand_personal(self.actor, Right.ACCOUNT_READ)
        return self.reply(UnreadRow(unread_count(self.actor)))
