"""Boards under /api/v1/."""

from django.urls import path

from workloom.work.kanban.views import BoardItem, BoardList, ColumnCards

urlpatterns = [
    path("boards/", BoardList.as_view()),
    path("boards/<uuid:board_id>/", BoardItem.as_view()),
    path("boards/<uuid:board_id>/columns/<uuid:column_id>/cards/", ColumnCards.as_view()),
]
