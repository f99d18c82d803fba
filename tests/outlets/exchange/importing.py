"""Imports for tests: asked for and carried out like a request and its job."""

from pathlib import Path
from typing import Any

from workloom.outlets.exchange.actions import WantedImport, request_import, run_import
from workloom.outlets.exchange.models import Import
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project


def ask(project: Project, by: User, kind: str, file: Path | bytes, **wishes: Any) -> Import:
    """An import that waits to be carried out."""
    data, name = (file, "file") if isinstance(file, bytes) else (file.read_bytes(), file.name)
    return request_import(project, WantedImport(kind, name, [data], **wishes), actor=by.as_actor())


def bring_in(project: Project, by: User, kind: str, file: Path | bytes, **wishes: Any) -> Import:
    """An import that was carried out."""
    return run_import(ask(project, by, kind, file, **wishes).pk)
