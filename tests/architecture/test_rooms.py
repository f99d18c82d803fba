from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE

FLOORS = ("people", "work", "outlets")
FILES = {
    *(
        "urls",
        "views",
        "jobs",
        "consumer",
        "serializers",
        "access",
        "actions",
        "queries",
        "rows",
        "models",
        "rules",
        "events",
    ),
    *("apps", "admin", "__init__"),
}
# What one room alone needs, and why it has no other place.
EXTRA = {
    "people.accounts": {
        "authentication": "how the framework learns who asks",
        "backends": "how the framework checks a password",
        "browser": "the cookie session of the web app and the admin site",
        "hashers": "how passwords are kept",
        "site": "the admin site with our sign-in",
    },
    "outlets.exchange": {
        "plan": "what an import would do, between the readers of formats and the actions",
        "sources": "one reader for each format, free of the framework",
        "uploads": "where files lie until their import is over",
    },
    "outlets.realtime": {
        "doors": "how connections come in that are no requests",
        "hub": "the one reader of the log behind all connections of a process",
    },
}
FOLDERS = {"management", "migrations", "templates", "static"}


def rooms() -> list[Path]:
    return [
        room
        for floor in FLOORS
        for room in sorted((PACKAGE / floor).iterdir())
        if room.is_dir() and (room / "__init__.py").exists()
    ]


@pytest.mark.parametrize("room", rooms(), ids=lambda room: f"{room.parent.name}.{room.name}")
def test_all_rooms_look_alike(room: Path) -> None:
    extra = EXTRA.get(f"{room.parent.name}.{room.name}", {})
    names = {path.stem for path in room.iterdir() if path.name != "__pycache__"}
    assert names - FILES - FOLDERS - set(extra) == set()


def test_no_exception_to_the_rooms_is_left_over() -> None:
    for name, extra in EXTRA.items():
        room = PACKAGE / name.replace(".", "/")
        assert set(extra) <= {path.stem for path in room.iterdir()}
