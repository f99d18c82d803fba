"""Who is told of a task."""

from django.db.models import QuerySet

from workloom.core.listing import Listing, Order
from workloom.people.accounts.models import User
from workloom.people.accounts.queries import people
from workloom.people.accounts.rows import PERSONS
from workloom.work.tasks.models import Task, Watcher

WATCHERS = Listing(PERSONS, orders={"username": Order("username_key", str)}, default="username")


def watchers_of(task: Task) -> QuerySet[User]:
    """Return everybody who is told of a task; who left it is not."""
    return people().filter(pk__in=Watcher.objects.filter(task=task, is_muted=False).values("user"))
