from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from rest_framework import serializers

from bench.side_by_side.usual.models import Board, Column, Label, Project, Status, Task, User
from bench.side_by_side.usual.recording import fresh_rank, record, write_text
from workloom.core.ids import uuid7

PRIORITIES = {1: "low", 2: "medium", 3: "high", 4: "urgent"}


class PriorityField(serializers.Field):
    def to_representation(self, value: int) -> str:
        return PRIORITIES[value]

    def to_internal_value(self, data: str) -> int:
        for number, name in PRIORITIES.items():
            if name == data:
                return number
        raise serializers.ValidationError("Unknown priority.")


class UserSerializer(serializers.ModelSerializer):
    avatar = serializers.ReadOnlyField(default=None)

    class Meta:
        model = User
        fields = ["id", "username", "name", "avatar"]


class LabelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Label
        fields = ["id", "name", "colour"]


class CardSerializer(serializers.ModelSerializer):
    key = serializers.SerializerMethodField()
    status = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    priority = PriorityField(required=False)
    labels = serializers.PrimaryKeyRelatedField(many=True, queryset=Label.objects.all(), required=False)
    assignees = serializers.PrimaryKeyRelatedField(many=True, queryset=User.objects.all(), required=False)
    is_completed = serializers.SerializerMethodField()
    sla_breached = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            *("id", "key", "title", "status", "priority", "assignees", "labels", "due_date", "due_at", "rank"),
            *("is_completed", "sla_breached", "comments_count", "attachments_count", "subtasks_count", "version"),
        ]

    def get_key(self, task: Task) -> str:
        return f"{task.project.key}-{task.number}"

    def get_is_completed(self, task: Task) -> bool:
        return task.status_category == "done"

    def get_sla_breached(self, task: Task) -> bool:
        if task.status_category in {"done", "cancelled"} or task.due_date is None:
            return False
        now = timezone.now()
        if task.due_at:
            return task.due_at < now
        return task.due_date < now.astimezone(ZoneInfo(task.project.time_zone)).date()


class TaskSerializer(CardSerializer):
    category = serializers.UUIDField(source="category_id", read_only=True)
    reporter = serializers.PrimaryKeyRelatedField(read_only=True)
    board = serializers.PrimaryKeyRelatedField(read_only=True)
    parent = serializers.PrimaryKeyRelatedField(read_only=True)
    sla = serializers.ReadOnlyField(default=None)

    class Meta:
        model = Task
        fields = [
            *("id", "key", "project", "board", "title", "description", "status", "status_category", "priority"),
            *("category", "labels", "assignees", "reporter", "parent", "start_date", "due_date", "due_at", "estimate"),
            *("rank", "is_completed", "completed_at", "is_archived", "trashed_at", "sla", "sla_breached"),
            *("comments_count", "attachments_count", "subtasks_count", "version", "created_at", "updated_at"),
        ]
        read_only_fields = [
            *("id", "status_category", "rank", "completed_at", "is_archived", "trashed_at", "comments_count"),
            *("attachments_count", "subtasks_count", "version", "created_at", "updated_at"),
        ]

    def validate_project(self, project: Project) -> Project:
        if not project.members.filter(pk=self.context["request"].user.pk).exists():
            raise serializers.ValidationError("Unknown project.")
        return project

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Task:
        labels, assignees = validated_data.pop("labels", []), validated_data.pop("assignees", [])
        user = self.context["request"].user
        project = Project.objects.select_for_update().get(pk=validated_data["project"].pk)
        status, now = project.workflow.initial, timezone.now()
        task = Task.objects.create(
            **validated_data | {"project": project},
            id=uuid7(),
            number=project.next_number,
            board=project.boards.order_by("position", "id").first(),
            status=status,
            status_category=status.category,
            reporter=user,
            rank=fresh_rank(project),
            created_at=now,
            updated_at=now,
        )
        project.next_number += 1
        project.tasks_count += 1
        project.save(update_fields=["next_number", "tasks_count"])
        task.labels.set(labels)
        task.assignees.set(assignees)
        for person in {user, *assignees}:
            task.watcher_set.create(user=person, created_at=now)
        write_text(task)
        record("task.created", task, {"title": [None, task.title]}, user)
        return task


class ExpandedTaskSerializer(TaskSerializer):
    labels = LabelSerializer(many=True, read_only=True)
    assignees = UserSerializer(many=True, read_only=True)


class StatusSerializer(serializers.ModelSerializer):
    """Changes the status, and nothing else."""

    status = serializers.SlugRelatedField(slug_field="slug", queryset=Status.objects.none())

    class Meta:
        model = Task
        fields = ["status"]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["status"].queryset = Status.objects.filter(project=self.instance.project_id)
        return fields

    @transaction.atomic
    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        # Joined with its status, a row whose status somebody is changing would not be found.
        found = Task.objects.select_related("project").prefetch_related("labels", "assignees")
        task = found.select_for_update(of=("self",)).get(pk=instance.pk)
        status, old, now = validated_data["status"], task.status, timezone.now()
        if status != old:
            task.status, task.status_category = status, status.category
            task.version += 1
            task.updated_at = now
            if status.category in {"in_progress", "review"} and task.started_at is None:
                task.started_at = now
            task.completed_at = now if status.category == "done" else None
            task.save()
            record("task.status_changed", task, {"status": [old.slug, status.slug]}, self.context["request"].user)
        return task


class HitSerializer(serializers.ModelSerializer):
    """A task that was found."""

    kind = serializers.ReadOnlyField(default="task")
    task = serializers.UUIDField(source="id")
    key = serializers.SerializerMethodField()
    status = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    is_open = serializers.BooleanField()
    title_highlights = serializers.SerializerMethodField()
    highlights = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            *("kind", "id", "task", "project", "key", "title", "status", "is_open", "title_highlights"),
            *("highlights", "updated_at"),
        ]

    def get_key(self, task: Task) -> str:
        return f"{task.project.key}-{task.number}"

    def get_title_highlights(self, task: Task) -> list[dict[str, Any]]:
        before, found, after = task.title.partition(self.context["request"].query_params["q"])
        return [{"text": text, "hit": hit} for text, hit in ((before, False), (found, True), (after, False)) if text]

    def get_highlights(self, task: Task) -> list[Any]:
        return []


class ColumnSerializer(serializers.ModelSerializer):
    """A column with its first cards."""

    statuses = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    count = serializers.SerializerMethodField()
    over_limit = serializers.SerializerMethodField()
    cards = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField()

    class Meta:
        model = Column
        fields = ["id", "name", "statuses", "wip_limit", "is_archived", "count", "over_limit", "cards", "next"]

    def _tasks(self, column: Column) -> Any:
        found = Task.objects.filter(
            board=column.board_id, status__in=column.statuses.all(), is_archived=False, trashed_at=None
        )
        return found.select_related("project", "status").prefetch_related("labels", "assignees").order_by("rank")

    def get_count(self, column: Column) -> int:
        column.found = self._tasks(column).count()
        return column.found

    def get_over_limit(self, column: Column) -> bool:
        return column.wip_limit is not None and column.found > column.wip_limit

    def get_cards(self, column: Column) -> list[dict[str, Any]]:
        window = int(self.context["request"].query_params["window"])
        return CardSerializer(self._tasks(column)[:window], many=True, context=self.context).data

    def get_next(self, column: Column) -> str | None:
        return "?page=2" if column.found > int(self.context["request"].query_params["window"]) else None


class BoardSerializer(serializers.ModelSerializer):
    columns = ColumnSerializer(many=True)

    class Meta:
        model = Board
        fields = ["id", "project", "name", "position", "columns", "version", "created_at", "updated_at"]
