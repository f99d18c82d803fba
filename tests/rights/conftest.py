from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.rights.world import World, build_world
from workloom.core import limits
from workloom.core.limit_stores import ProcessStore


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world, built once for this folder in a transaction that never ends well."""
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        with limits.using(ProcessStore()):  # the usual one settles in a thread with a connection of its own
            built = build_world()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def world(stage: World, db: None) -> World:
    """The world as it was built: what a test writes is taken back to where the stage was ready."""
    return stage
