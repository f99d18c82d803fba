"""Checklists under /api/v1/."""

from django.urls import path

from workloom.work.checklists.views import ChecklistList, ChecklistView, ItemList, ItemView

urlpatterns = [
    path("tasks/<str:task>/checklists/", ChecklistList.as_view()),
    path("checklists/<uuid:checklist_id>/", ChecklistView.as_view()),
    path("checklists/<uuid:checklist_id>/items/", ItemList.as_view()),
    path("checklists/<uuid:checklist_id>/items/<uuid:item_id>/", ItemView.as_view()),
]
