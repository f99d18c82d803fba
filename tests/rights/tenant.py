"""One tenant with one of everything, made through the API by somebody who may."""

from dataclasses import dataclass, field
from typing import Any

from tests.rights.server import Server
from workloom.core.clock import now
from workloom.core.ids import uuid7
from workloom.core.mail.unsubscribing import unsubscribe_token
from workloom.outlets.exchange.models import Import, LedgerEntry, Noun
from workloom.outlets.notifications.models import Notification, Preference
from workloom.people.accounts.models import User
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.tasks.models import Task

Names = dict[str, Any]


@dataclass
class Builder:
    """Who makes things, where, and the word that every text of the tenant has."""

    server: Server
    credential: str
    project: str
    workspace: str
    word: str
    names: Names = field(default_factory=dict)

    def post(self, path: str, **fields: Any) -> str:
        row = self.server.made(self.credential, path, fields)
        return str(row["id"])

    def task(self, title: str, **fields: Any) -> str:
        return self.post("tasks/", title=f"{title} of the {self.word}", project=self.project, **fields)

    def trashed(self, path: str, key: str) -> str:
        self.server.made(self.credential, f"{path}{key}/", method="DELETE")
        return key


def furnish(builder: Builder, worker: str) -> Names:
    """Fill a project with what belongs to it; `worker` is somebody in it."""
    names, word = builder.names, builder.word
    names |= {"project": builder.project, "workspace": builder.workspace}
    _tags(builder)
    boards = builder.server.made(builder.credential, f"boards/?project={builder.project}", method="GET")["results"]
    names["board"], columns = boards[0]["id"], boards[0]["columns"]
    names["column"], names["other_column"] = columns[1]["id"], columns[2]["id"]
    names["second_board"] = builder.post("boards/", project=builder.project, name=f"Second of the {word}")
    names["task"] = builder.task(
        "First", labels=[names["label"]], category=names["category"], assignees=[worker], description=f"All {word}."
    )
    task = builder.server.made(builder.credential, f"tasks/{names['task']}/", method="GET")
    names["task_key"] = task["key"]
    names["other_task"] = builder.task("Second")
    names["subtask"] = builder.task("Below the first", parent=names["task"])
    names["trashed_task"] = builder.trashed("tasks/", builder.task("Thrown away"))
    names["link"] = builder.post(f"tasks/{names['task']}/links/", kind="relates", task=names["other_task"])
    names["checklist"] = builder.post(f"tasks/{names['task']}/checklists/", name=f"List of the {word}")
    names["item"] = builder.post(f"checklists/{names['checklist']}/items/", text=f"Item of the {word}", assignee=worker)
    comments = f"tasks/{names['task']}/comments/"
    names["comment"] = builder.post(comments, body=f"Said by the {word}")
    names["answer"] = builder.post(comments, body=f"Answered by the {word}", parent=names["comment"])
    names["trashed_comment"] = builder.trashed("comments/", builder.post(comments, body=f"Unsaid by the {word}"))
    invitation = {"email": f"invited@{word}.example.org"}
    names["invitation"] = builder.post(f"workspaces/{builder.workspace}/invitations/", **invitation)
    names["project_invitation"] = builder.post(f"projects/{builder.project}/members/", **invitation)
    target = f"https://93.184.216.34/{word}"
    names["webhook"] = builder.post("webhooks/", url=target, project=builder.project)
    names["workspace_webhook"] = builder.post("webhooks/", url=target, workspace=builder.workspace)
    names["delivery"] = builder.post(f"webhooks/{names['webhook']}/ping/")
    return names


def _tags(builder: Builder) -> None:
    for path, noun in (("labels/", "label"), ("categories/", "category")):
        builder.names[noun] = builder.post(path, name=f"{noun} of the {builder.word}", project=builder.project)
        builder.names[f"workspace_{noun}"] = builder.post(
            path, name=f"Wide {noun} of the {builder.word}", workspace=builder.workspace
        )


def note_notification(user: User, task: str) -> Names:
    """Something that somebody was told, what they want to be told of its project, and the link that ends such mails."""
    at, about = now(), Task.objects.get(pk=task)
    told = Notification.objects.create(
        user=user,
        kind="assigned",
        task=about,
        event=uuid7(),
        actor_id=about.reporter_id,
        dedupe_key=task,
        created_at=at,
    )
    kinds = {"assigned": {"mail": "off"}}
    Preference.objects.create(user=user, project_id=about.project_id, kinds=kinds, created_at=at, updated_at=at)
    return {"notification": str(told.pk), "unsubscribe": unsubscribe_token(user.pk, "assigned")}


def note_import(project: Project, by: User, word: str) -> Names:
    """An import that is over, and somebody whom it named."""
    at = now()
    done = Import.objects.create(
        project=project,
        requested_by=by,
        kind="csv",
        status="done",
        file_name=f"{word}.csv",
        file_size=3,
        file_hash="",
        stored_as=uuid7(),
        created_at=at,
        finished_at=at,
    )
    username = f"{word}-placeholder"
    placeholder = User(username=username, username_key=username, name=f"Placeholder of the {word}")
    placeholder.is_active, placeholder.is_placeholder = False, True
    placeholder.note_names()
    placeholder.set_unusable_password()
    placeholder.save(force_insert=True)
    ProjectMember.objects.create(project=project, user=placeholder, role="guest", created_at=at)
    LedgerEntry.objects.create(
        project=project, kind="csv", noun=Noun.PERSON, source_id=word, target=placeholder.pk, made_by=done
    )
    return {"import": str(done.pk), "placeholder": str(placeholder.pk)}
