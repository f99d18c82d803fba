from django.urls import path

from workloom.ops.views import HealthDoor, livez, metrics, readyz

urlpatterns = [path("health/", HealthDoor.as_view(), name="health")]

outside_the_api = [
    path("livez", livez),
    path("readyz", readyz),
    path("metrics", metrics),
]
