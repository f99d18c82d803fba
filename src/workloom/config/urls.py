from django.urls import URLPattern, URLResolver, include, path

from workloom.config.rooms import URLS

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include([path("", include(module)) for module in URLS])),
]
