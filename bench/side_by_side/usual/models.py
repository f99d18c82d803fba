"""The product's tables, as somebody would write models for them; they are made and filled by the product."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models


def table(name: str) -> Any:
    """Return the Meta of a model whose table is there already."""
    return type("Meta", (), {"managed": False, "db_table": name})


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=8)
    is_active = models.BooleanField()
    time_zone = models.CharField(max_length=64)
    Meta = table("accounts_user")

    @property
    def is_authenticated(self) -> bool:
        return True


class Session(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    Meta = table("accounts_session")


class Project(models.Model):
    id = models.UUIDField(primary_key=True)
    workspace_id = models.UUIDField()
    key = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64)
    trashed_at = models.DateTimeField(null=True)
    tasks_count = models.IntegerField()
    next_number = models.IntegerField()
    members = models.ManyToManyField(User, through="ProjectMember", related_name="projects")
    Meta = table("projects_project")


class ProjectMember(models.Model):
    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE)
    role = models.CharField(max_length=12)
    Meta = table("projects_projectmember")


class Status(models.Model):
    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="statuses")
    slug = models.CharField(max_length=60)
    category = models.CharField(max_length=12)
    position = models.IntegerField()
    Meta = table("workflows_status")


class Workflow(models.Model):
    id = models.UUIDField(primary_key=True)
    project = models.OneToOneField(Project, models.CASCADE, related_name="workflow")
    initial = models.ForeignKey(Status, models.PROTECT)
    Meta = table("workflows_workflow")


class Label(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    colour = models.CharField(max_length=7)
    Meta = table("labels_label")


class Board(models.Model):
    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="boards")
    name = models.CharField(max_length=200)
    position = models.IntegerField()
    version = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    Meta = table("boards_board")


class Column(models.Model):
    id = models.UUIDField(primary_key=True)
    board = models.ForeignKey(Board, models.CASCADE, related_name="columns")
    name = models.CharField(max_length=200)
    position = models.IntegerField()
    wip_limit = models.IntegerField(null=True)
    is_archived = models.BooleanField()
    statuses = models.ManyToManyField(Status, through="ColumnStatus")
    Meta = table("boards_column")


class ColumnStatus(models.Model):
    id = models.UUIDField(primary_key=True)
    column = models.ForeignKey(Column, models.CASCADE)
    status = models.ForeignKey(Status, models.CASCADE)
    Meta = table("boards_columnstatus")


class Task(models.Model):
    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    number = models.IntegerField()
    board = models.ForeignKey(Board, models.CASCADE)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    status = models.ForeignKey(Status, models.PROTECT)
    status_category = models.CharField(max_length=12)
    priority = models.IntegerField()
    category_id = models.UUIDField(null=True)
    reporter = models.ForeignKey(User, models.PROTECT, related_name="reported")
    parent = models.ForeignKey("self", models.SET_NULL, null=True)
    start_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    estimate = models.FloatField(null=True)
    rank = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    is_archived = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True)
    comments_count = models.IntegerField(default=0)
    attachments_count = models.IntegerField(default=0)
    subtasks_count = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    labels = models.ManyToManyField(Label, through="TaskLabel")
    assignees = models.ManyToManyField(User, through="Assignment", related_name="assigned")
    Meta = table("tasks_task")


class TaskLabel(models.Model):
    task = models.ForeignKey(Task, models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)
    Meta = table("tasks_tasklabel")


class Assignment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    Meta = table("tasks_assignment")


class Watcher(models.Model):
    task = models.ForeignKey(Task, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    is_muted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    Meta = table("tasks_watcher")


class TaskText(models.Model):
    """Its own full-text index, a table beside the product's: none of the other servers writes it."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="text", db_constraint=False)
    document = SearchVectorField()
    Meta = table("bench_task_text")


class Event(models.Model):
    n = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    seq = models.BigIntegerField(null=True)
    type = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_kind = models.CharField(max_length=12, default="user")
    workspace_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    audience = models.CharField(max_length=12, default="members")
    object_type = models.CharField(max_length=40, default="task")
    object_id = models.UUIDField()
    object_key = models.CharField(max_length=40)
    object_version = models.IntegerField()
    changes = models.JSONField()
    via = models.CharField(max_length=12, default="api")
    request_id = models.CharField(max_length=128, default="")
    private = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, default="")
    commitment = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")
    Meta = table("events_logrow")
