from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet
from rest_framework import generics
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from bench.side_by_side.usual.models import Board, Task
from bench.side_by_side.usual.serializers import (
    BoardSerializer,
    ExpandedTaskSerializer,
    HitSerializer,
    StatusSerializer,
    TaskSerializer,
)


def seen(user: Any) -> QuerySet[Task]:
    """Return the live tasks of the projects that a person is in, with what their serializer needs."""
    found = Task.objects.filter(project__in=user.projects.filter(trashed_at=None), trashed_at=None)
    return found.select_related("project", "status").prefetch_related("labels", "assignees")


class TaskList(generics.ListCreateAPIView):
    """Filters by project and status; pages by number, with a count."""

    def get_serializer_class(self) -> Any:
        return ExpandedTaskSerializer if "expand" in self.request.query_params else TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        found, sent = seen(self.request.user).filter(is_archived=False), self.request.query_params
        if "project" in sent:
            found = found.filter(project=sent["project"])
        if "status" in sent:
            found = found.filter(status__slug=sent["status"])
        return found.order_by("-created_at", "-id")


class TaskDetail(generics.RetrieveAPIView):
    serializer_class = TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        return seen(self.request.user)


class TaskStatus(generics.UpdateAPIView):
    serializer_class = StatusSerializer
    http_method_names = ["patch"]

    def get_queryset(self) -> QuerySet[Task]:
        return seen(self.request.user)

    def update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        task = serializer.save()
        return Response(TaskSerializer(task, context=self.get_serializer_context()).data)


class SearchPages(PageNumberPagination):
    page_size = 20


class Search(generics.ListAPIView):
    serializer_class = HitSerializer
    pagination_class = SearchPages

    def get_queryset(self) -> QuerySet[Task]:
        query = SearchQuery(self.request.query_params["q"], config="simple")
        found = Task.objects.filter(
            project__in=self.request.user.projects.filter(trashed_at=None),
            trashed_at=None,
            is_archived=False,
            text__document=query,
        )
        ranked = found.annotate(
            relevance=SearchRank(F("text__document"), query), is_open=~Q(status_category__in=["done", "cancelled"])
        )
        return ranked.select_related("project", "status").order_by("-relevance", "-is_open", "-updated_at", "-id")


class BoardDetail(generics.RetrieveAPIView):
    serializer_class = BoardSerializer

    def get_queryset(self) -> QuerySet[Board]:
        mine = self.request.user.projects.filter(trashed_at=None)
        return Board.objects.filter(project__in=mine).prefetch_related("columns__statuses")
