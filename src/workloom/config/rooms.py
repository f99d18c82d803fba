"""The rooms of the house: Django applications, and the url modules that are mounted under /api/v1/."""

import importlib.util

_ALL = [
    "workloom.core",
    "workloom.core.http",
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
    "workloom.ops",
]


def _exists(module: str) -> bool:
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None


ROOMS = [room for room in _ALL if _exists(room)]
URLS = [f"{room}.urls" for room in ROOMS if _exists(f"{room}.urls")]
