from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView

from workloom import __version__
from workloom.config.pages import home
from workloom.config.rooms import URLS
from workloom.ops.urls import outside_the_api
from workloom.people.accounts.urls import page_urlpatterns

_HOUR_S = 3600
_swagger = SpectacularSwaggerSplitView.as_view(url_name="schema")
_redoc = SpectacularRedocView.as_view(url_name="schema")
# Made anew it costs half a second, and it changes only with the release.
_document = cache_page(_HOUR_S, key_prefix=f"openapi-{__version__}")(SpectacularAPIView.as_view())

documentation = [
    path("schema/", _document, name="schema"),
    path("schema/swagger-ui/", _swagger, name="swagger-ui"),
    path("schema/redoc/", _redoc, name="redoc"),
    path("docs/", _swagger),
    path("redoc/", _redoc),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    *outside_the_api,
    *page_urlpatterns,
    path("admin/", admin.site.urls),
    path("api/v1/", include(documentation)),
    path("api/v1/", include([path("", include(module)) for module in URLS])),
]

handler400 = "workloom.core.http.problems.bad_request"
handler404 = "workloom.core.http.problems.not_found"
handler500 = "workloom.core.http.problems.server_error"
