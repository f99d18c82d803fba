"""The doors to labels and categories."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.inputs import Input
from workloom.core.http.operations import operation
from workloom.core.listing import Projection, Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.labels.access import access_place, access_tag
from workloom.work.labels.actions import change_tag, create_tag, delete_tag
from workloom.work.labels.queries import (
    CATEGORIES,
    CATEGORY,
    CATEGORY_LIST,
    LABEL,
    LABEL_LIST,
    LABELS,
    Kind,
    visible_categories,
    visible_labels,
)
from workloom.work.labels.rows import CategoryRow, LabelRow
from workloom.work.labels.serializers import EditCategoryIn, EditLabelIn, NewCategoryIn, NewLabelIn


class Tags(Endpoint):
    """What labels and categories do alike."""

    def make(self, kind: Kind[Any], shown: Projection[Any], form: type[Input]) -> HttpResponse:
        """Make one where the body says, else in the personal workspace."""
        wanted = self.parse(form)
        project = None if wanted.project is UNSET else wanted.project
        workspace = None if wanted.workspace is UNSET else wanted.workspace
        place, project = access_place(self.actor, project, workspace)
        tag = create_tag(kind, (place, project), wanted, actor=self.actor)
        return self.show(shown, kind.rows.filter(pk=tag.pk), status=201, location=f"{self.request.path}{tag.pk}/")

    def present(self, kind: Kind[Any], shown: Projection[Any], tag_id: UUID) -> HttpResponse:
        """Answer one."""
        tag = access_tag(kind, self.actor, tag_id, Right.PROJECT_READ)
        return self.show(shown, kind.rows.filter(pk=tag.pk))

    def change(self, kind: Kind[Any], shown: Projection[Any], form: type[Input], tag_id: UUID) -> HttpResponse:
        """Change name or colour."""
        tag = access_tag(kind, self.actor, tag_id, Right.LABEL_EDIT, lock=True)
        found = kind.rows.filter(pk=tag.pk)

        def current() -> msgspec.Struct:
            row: msgspec.Struct = shown.one(found, Wanted(self.actor))
            return row

        wish = self.parse(form, current=current)
        self.guard(tag.version, current, sent=sent_fields(wish), touched=lambda at: fields_touched_since(tag.pk, at))
        change_tag(kind, tag, wish, actor=self.actor)
        return self.show(shown, found)

    def remove(self, kind: Kind[Any], shown: Projection[Any], tag_id: UUID) -> HttpResponse:
        """Delete one."""
        tag = access_tag(kind, self.actor, tag_id, Right.LABEL_EDIT, lock=True)
        self.guard(tag.version, lambda: shown.one(kind.rows.filter(pk=tag.pk), Wanted(self.actor)))
        delete_tag(kind, tag, actor=self.actor)
        return self.done()


class LabelList(Tags):
    """Labels of all projects and workspaces that one sees."""

    @operation("List labels", listing=LABEL_LIST, reply=LabelRow)
    def get(self, request: Request) -> HttpResponse:
        """Labels of the projects and workspaces that you see, in pages."""
        return self.page(LABEL_LIST, visible_labels(self.actor))

    @operation("Create a label", body=NewLabelIn, shows=LABELS, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Names are unique in any case within a project or workspace. Without `colour` one is chosen."""
        return self.make(LABEL, LABELS, NewLabelIn)


class LabelItem(Tags):
    """One label."""

    @operation("Get a label", shows=LABELS, errors=(404,))
    def get(self, request: Request, label_id: UUID) -> HttpResponse:
        """Seen by whoever sees its project or workspace."""
        return self.present(LABEL, LABELS, label_id)

    @operation("Change a label", body=EditLabelIn, shows=LABELS, errors=(403, 404, 409, 412))
    def patch(self, request: Request, label_id: UUID) -> HttpResponse:
        """Changes what is sent; tasks show the new name and colour."""
        return self.change(LABEL, LABELS, EditLabelIn, label_id)

    @operation("Replace a label", body=EditLabelIn, shows=LABELS, errors=(403, 404, 409, 412))
    def put(self, request: Request, label_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent."""
        return self.change(LABEL, LABELS, EditLabelIn, label_id)

    @operation("Delete a label", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, label_id: UUID) -> HttpResponse:
        """The tasks that have it lose it."""
        return self.remove(LABEL, LABELS, label_id)


class CategoryList(Tags):
    """Categories of all projects and workspaces that one sees."""

    @operation("List categories", listing=CATEGORY_LIST, reply=CategoryRow)
    def get(self, request: Request) -> HttpResponse:
        """Categories of the projects and workspaces that you see, in pages."""
        return self.page(CATEGORY_LIST, visible_categories(self.actor))

    @operation("Create a category", body=NewCategoryIn, shows=CATEGORIES, status=201, errors=(403, 409))
    def post(self, request: Request) -> HttpResponse:
        """Names are unique in any case within a project or workspace. Without `colour` one is chosen."""
        return self.make(CATEGORY, CATEGORIES, NewCategoryIn)


class CategoryItem(Tags):
    """One category."""

    @operation("Get a category", shows=CATEGORIES, errors=(404,))
    def get(self, request: Request, category_id: UUID) -> HttpResponse:
        """Seen by whoever sees its project or workspace."""
        return self.present(CATEGORY, CATEGORIES, category_id)

    @operation("Change a category", body=EditCategoryIn, shows=CATEGORIES, errors=(403, 404, 409, 412))
    def patch(self, request: Request, category_id: UUID) -> HttpResponse:
        """Changes what is sent; tasks show the new name and colour."""
        return self.change(CATEGORY, CATEGORIES, EditCategoryIn, category_id)

    @operation("Replace a category", body=EditCategoryIn, shows=CATEGORIES, errors=(403, 404, 409, 412))
    def put(self, request: Request, category_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent."""
        return self.change(CATEGORY, CATEGORIES, EditCategoryIn, category_id)

    @operation("Delete a category", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, category_id: UUID) -> HttpResponse:
        """The tasks that have it are left without one."""
        return self.remove(CATEGORY, CATEGORIES, category_id)
