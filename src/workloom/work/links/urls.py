"""Links under /api/v1/."""

from django.urls import path

from workloom.work.links.views import LinkItem, LinkList

urlpatterns = [
    path("tasks/<str:task>/links/", LinkList.as_view()),
    path("tasks/<str:task>/links/<uuid:link_id>/", LinkItem.as_view()),
]
