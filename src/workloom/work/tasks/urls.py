"""Tasks under /api/v1/."""

from django.urls import path

from workloom.work.tasks.views.bulk import TaskBulk
from workloom.work.tasks.views.tasks import TaskItem, TaskList, TaskStatistics
from workloom.work.tasks.views.verbs import TaskAssign, TaskMove, TaskRestore, TaskStatus, TaskWatchers

urlpatterns = [
    path("tasks/", TaskList.as_view()),
    path("tasks/bulk/", TaskBulk.as_view()),
    path("tasks/statistics/", TaskStatistics.as_view()),
    path("tasks/<str:task>/", TaskItem.as_view()),
    path("tasks/<str:task>/assign/", TaskAssign.as_view()),
    path("tasks/<str:task>/status/", TaskStatus.as_view()),
    path("tasks/<str:task>/move/", TaskMove.as_view()),
    path("tasks/<str:task>/restore/", TaskRestore.as_view()),
    path("tasks/<str:task>/watchers/", TaskWatchers.as_view()),
]
