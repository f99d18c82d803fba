"""The rooms of the house: Django applications, and the url modules that are mounted under /api/v1/."""

import importlib.util

ROOMS = [
    "workloom.core",
    "workloom.core.http",
    "workloom.core.mail",
    "workloom.events",
    "workloom.people.accounts",
    "workloom.people.rights",
    "workloom.work.workspaces",
    "workloom.work.projects",
    "workloom.work.workflows",
    "workloom.work.labels",
    "workloom.work.boards",
    "workloom.work.tasks",
    "workloom.work.kanban",
    "workloom.work.links",
    "workloom.work.checklists",
    "workloom.work.comments",
    "workloom.work.directory",
    "workloom.outlets.history",
    "workloom.outlets.search",
    "workloom.outlets.exchange",
    "workloom.outlets.notifications",
    "workloom.outlets.webhooks",
    "workloom.outlets.realtime",
    "workloom.ops",
]


def _has_doors(room: str) -> bool:
    return importlib.util.find_spec(f"{room}.urls") is not None


# A room with a `urls.py` is mounted because it has one.
URLS = [f"{room}.urls" for room in ROOMS if _has_doors(room)]
