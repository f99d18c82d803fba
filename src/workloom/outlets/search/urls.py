"""Search under /api/v1/."""

from django.urls import path

from workloom.outlets.search.views import Search

urlpatterns = [path("search/", Search.as_view())]
