"""The doors of links."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from workloom.core.http.endpoint import Endpoint
from workloom.core.http.operations import operation
from workloom.core.listing import Wanted
from workloom.people.rights.rules import Right
from workloom.work.links.access import access_link
from workloom.work.links.actions import link_tasks, unlink_tasks
from workloom.work.links.queries import LINKS, LISTING, links_on
from workloom.work.links.rows import LinkRow
from workloom.work.links.serializers import NewLinkIn
from workloom.work.tasks.access import access_task
from workloom.work.tasks.queries.named import find_task


class LinkList(Endpoint):
    """The links of a task."""

    @operation("List a task's links", listing=LISTING, reply=LinkRow, errors=(404, 409))
    def get(self, request: Request, task: str) -> HttpResponse:
        """As this task sees them; links to tasks that you may not see are left out."""
        found = access_task(self.actor, task, Right.TASK_READ_OWN)
        return self.page(LISTING, links_on(found, self.actor))

    @operation("Link a task", body=NewLinkIn, shows=LINKS, status=201, errors=(403, 404, 409))
    def post(self, request: Request, task: str) -> HttpResponse:
        """With another task that you see. Twice the same, or a circle of blocking, is refused with 409."""
        found = access_task(self.actor, task, Right.TASK_EDIT)
        wanted = self.parse(NewLinkIn)
        other = find_task(self.actor, wanted.task, "task")
        if wanted.kind == "blocks":  # it holds up the other task, which needs a right there
            access_task(self.actor, str(other.pk), Right.TASK_EDIT)
        link = link_tasks(found, other, kind=wanted.kind, actor=self.actor)
        location = f"/api/v1/tasks/{found.pk}/links/{link.pk}/"
        return self.show(LINKS, links_on(found, self.actor).filter(pk=link.pk), status=201, location=location)


class LinkItem(Endpoint):
    """One link, from one of its ends."""

    @operation("Get a link", shows=LINKS, errors=(404, 409))
    def get(self, request: Request, task: str, link_id: UUID) -> HttpResponse:
        """As this task sees it."""
        found, link = access_link(self.actor, task, link_id, Right.TASK_READ_OWN)
        return self.show(LINKS, links_on(found, self.actor).filter(pk=link.pk))

    @operation("Remove a link", status=204, errors=(403, 404, 409, 412))
    def delete(self, request: Request, task: str, link_id: UUID) -> HttpResponse:
        """Needs the right to edit this task; the other one must be seen."""
        found, link = access_link(self.actor, task, link_id, Right.TASK_EDIT)
        row = LINKS.one(links_on(found, self.actor).filter(pk=link.pk), Wanted(self.actor))
        self.guard(row.version, lambda: row)
        unlink_tasks(link, actor=self.actor)
        return self.done()
