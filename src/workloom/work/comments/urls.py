"""Comments under /api/v1/."""

from django.urls import path

from workloom.work.comments.views import CommentItem, CommentList, CommentRestore

urlpatterns = [
    path("tasks/<str:task>/comments/", CommentList.as_view()),
    path("comments/<uuid:comment_id>/", CommentItem.as_view()),
    path("comments/<uuid:comment_id>/restore/", CommentRestore.as_view()),
]
