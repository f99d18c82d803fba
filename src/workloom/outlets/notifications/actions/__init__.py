"""Every change of notifications and of what people want to be told: one function per verb."""

from workloom.outlets.notifications.actions.digests import plan_digests_anew, send_digests
from workloom.outlets.notifications.actions.notify import notify_of
from workloom.outlets.notifications.actions.preferences import drop_preference, set_preference, stop_mails
from workloom.outlets.notifications.actions.reading import mark_all_read, mark_read, mark_unread, remove_notification
from workloom.outlets.notifications.actions.reminders import remind
from workloom.outlets.notifications.actions.upkeep import forget_person, sweep_notifications

__all__ = [
    "drop_preference",
    "forget_person",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "notify_of",
    "plan_digests_anew",
    "remind",
    "remove_notification",
    "send_digests",
    "set_preference",
    "stop_mails",
    "sweep_notifications",
]
