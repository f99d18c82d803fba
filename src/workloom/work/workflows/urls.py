"""Workflows under /api/v1/."""

from django.urls import path

from workloom.work.workflows.views import WorkflowEndpoint

urlpatterns = [path("projects/<uuid:project_id>/workflow/", WorkflowEndpoint.as_view())]
