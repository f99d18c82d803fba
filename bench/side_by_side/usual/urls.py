from django.urls import path

from bench.side_by_side.usual import views

urlpatterns = [
    path("api/v1/tasks/", views.TaskList.as_view()),
    path("api/v1/tasks/<uuid:pk>/", views.TaskDetail.as_view()),
    path("api/v1/tasks/<uuid:pk>/status/", views.TaskStatus.as_view()),
    path("api/v1/search/", views.Search.as_view()),
    path("api/v1/boards/<uuid:pk>/", views.BoardDetail.as_view()),
]
