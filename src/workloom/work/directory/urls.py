from django.urls import path

from workloom.work.directory.views import PeopleEndpoint, PersonEndpoint

urlpatterns = [
    path("users/", PeopleEndpoint.as_view(), name="people"),
    path("users/<uuid:user_id>/", PersonEndpoint.as_view(), name="person"),
]
