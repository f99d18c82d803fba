from importlib import import_module

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from workloom.config.addresses import FirstParts
from workloom.config.pages import home
from workloom.config.rooms import URLS
from workloom.config.schema_page import schema_page
from workloom.ops.urls import outside_the_api
from workloom.people.accounts.urls import page_urlpatterns

_swagger = SpectacularSwaggerSplitView.as_view(url_name="schema")
_redoc = SpectacularRedocView.as_view(url_name="schema")

documentation = [
    path("schema/", schema_page, name="schema"),
    path("schema/swagger-ui/", _swagger, name="swagger-ui"),
    path("schema/redoc/", _redoc, name="redoc"),
    path("docs/", _swagger),
    path("redoc/", _redoc),
]

urlpatterns: list[URLPattern | URLResolver] = [
    FirstParts("api/v1/", [pattern for module in URLS for pattern in import_module(module).urlpatterns]),
    path("", home, name="home"),
    *outside_the_api,
    *page_urlpatterns,
    path("admin/", admin.site.urls),
    path("api/v1/", include(documentation)),
]

handler400 = "workloom.core.http.problems.bad_request"
handler404 = "workloom.core.http.problems.not_found"
handler500 = "workloom.core.http.problems.server_error"
