"""The doors of checklists."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.core.wanted import sent_fields
from workloom.events.queries import fields_touched_since
from workloom.people.rights.rules import Right
from workloom.work.checklists.access import access_checklist, access_item, demand_on_item
from workloom.work.checklists.actions import add_item, delete_checklist, delete_item, edit_checklist, edit_item
from workloom.work.checklists.actions.checklists import add_checklist
from workloom.work.checklists.models import Checklist, ChecklistItem
from workloom.work.checklists.queries import (
    CHECKLIST_LISTING,
    CHECKLISTS,
    ITEM_LISTING,
    ITEMS,
    checklists_on,
    items_on,
)
from workloom.work.checklists.rows import ChecklistRow, ItemRow
from workloom.work.checklists.rules import ChecklistInput, ItemInput, is_mere_tick
from workloom.work.checklists.serializers import EditChecklistIn, EditItemIn, NewChecklistIn, NewItemIn
from workloom.work.tasks.access import access_task, rights_on_task


class ChecklistList(Endpoint):
    """The checklists on a task."""

    @operation("List a task's checklists", listing=CHECKLIST_LISTING, reply=ChecklistRow, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """In their order; `expand=items` answers the items themselves in place of their ids."""
        return self.page(CHECKLIST_LISTING, checklists_on(access_task(self.actor, task, Right.TASK_READ_OWN)))

    @operation("Add a checklist", body=NewChecklistIn, shows=CHECKLISTS, status=201, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """Behind the others, or where `position` or `after` say."""
        found = access_task(self.actor, task, Right.TASK_EDIT, lock=True)
        checklist = add_checklist(found, self.parse(NewChecklistIn), actor=self.actor)
        location = f"/api/v1/checklists/{checklist.pk}/"
        return self.show(CHECKLISTS, checklist, status=201, location=location)


class ChecklistView(Endpoint):
    """One checklist."""

    @operation("Get a checklist", shows=CHECKLISTS, errors=(404,))
    def get(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """With its items' ids in their order; `expand=items` answers the items themselves."""
        checklist = access_checklist(self.actor, checklist_id, Right.TASK_READ_OWN)
        return self.show(CHECKLISTS, checklist)

    @operation("Change a checklist", body=EditChecklistIn, shows=CHECKLISTS, errors=(403, 404, 412))
    def patch(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """Its name, its place, or both."""
        return self._edit(checklist_id)

    @operation("Replace a checklist", body=EditChecklistIn, shows=CHECKLISTS, errors=(403, 404, 412))
    def put(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """As PATCH, but `name` must be sent."""
        return self._edit(checklist_id)

    @operation("Delete a checklist", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """For good, with its items."""
        checklist = access_checklist(self.actor, checklist_id, Right.TASK_EDIT, lock=True)
        self.guard(checklist.version, partial(self._row, checklist))
        delete_checklist(checklist, actor=self.actor)
        return self.done()

    def _edit(self, checklist_id: UUID) -> HttpResponse:
        checklist = access_checklist(self.actor, checklist_id, Right.TASK_EDIT, lock=True)
        current = partial(self._row, checklist)
        wanted: ChecklistInput = self.parse(EditChecklistIn, current=current)
        touched = partial(fields_touched_since, checklist.pk)
        self.guard(checklist.version, current, sent=sent_fields(wanted), touched=touched)
        edit_checklist(checklist, wanted, actor=self.actor)
        return self.show(CHECKLISTS, checklist)

    def _row(self, checklist: Checklist) -> ChecklistRow:
        return CHECKLISTS.one(Checklist.objects.filter(pk=checklist.pk), Wanted(self.actor))


class ItemList(Endpoint):
    """What stands on a checklist."""

    @operation("List a checklist's items", listing=ITEM_LISTING, reply=ItemRow, errors=(404,))
    def get(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """The items of a checklist, in their order."""
        return self.page(ITEM_LISTING, items_on(access_checklist(self.actor, checklist_id, Right.TASK_READ_OWN)))

    @operation("Add a checklist item", body=NewItemIn, shows=ITEMS, status=201, errors=(403, 404, 409))
    def post(self, request: Request, checklist_id: UUID) -> HttpResponse:
        """Behind the others, or where `position` or `after` say. Its assignee must be in the project."""
        checklist = access_checklist(self.actor, checklist_id, Right.TASK_EDIT, lock=True)
        rights = rights_on_task(self.actor, checklist.task)
        item = add_item(checklist, self.parse(NewItemIn), rights=rights, actor=self.actor)
        location = f"/api/v1/checklists/{checklist.pk}/items/{item.pk}/"
        return self.show(ITEMS, item, status=201, location=location)


class ItemView(Endpoint):
    """One item of a checklist."""

    @operation("Get a checklist item", shows=ITEMS, errors=(404,))
    def get(self, request: Request, checklist_id: UUID, item_id: UUID) -> HttpResponse:
        """By the ids of both."""
        item = access_item(self.actor, checklist_id, item_id, Right.TASK_READ_OWN)
        return self.show(ITEMS, item)

    @operation("Change a checklist item", body=EditItemIn, shows=ITEMS, errors=(403, 404, 412))
    def patch(self, request: Request, checklist_id: UUID, item_id: UUID) -> HttpResponse:
        """Needs the right to edit the task; `done` alone may also be changed by the item's assignee."""
        return self._edit(checklist_id, item_id)

    @operation("Replace a checklist item", body=EditItemIn, shows=ITEMS, errors=(403, 404, 412))
    def put(self, request: Request, checklist_id: UUID, item_id: UUID) -> HttpResponse:
        """As PATCH, but `text` must be sent."""
        return self._edit(checklist_id, item_id)

    @operation("Delete a checklist item", status=204, errors=(403, 404, 412))
    def delete(self, request: Request, checklist_id: UUID, item_id: UUID) -> HttpResponse:
        """The item is deleted for good."""
        item = access_item(self.actor, checklist_id, item_id, Right.TASK_EDIT, lock=True)
        self.guard(item.version, partial(self._row, item))
        delete_item(item, actor=self.actor)
        return self.done()

    def _edit(self, checklist_id: UUID, item_id: UUID) -> HttpResponse:
        item = access_item(self.actor, checklist_id, item_id, Right.TASK_READ_OWN, lock=True)
        current = partial(self._row, item)
        wanted: ItemInput = self.parse(EditItemIn, current=current)
        sent = sent_fields(wanted)
        demand_on_item(self.actor, item, is_tick=is_mere_tick(sent))
        self.guard(item.version, current, sent=sent, touched=partial(fields_touched_since, item.pk))
        rights = rights_on_task(self.actor, item.checklist.task)
        edit_item(item, wanted, rights=rights, actor=self.actor)
        return self.show(ITEMS, item)

    def _row(self, item: ChecklistItem) -> ItemRow:
        return ITEMS.one(ChecklistItem.objects.filter(pk=item.pk), Wanted(self.actor))
