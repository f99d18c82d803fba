"""The OpenAPI document for who asks this server for it."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import force_bytes
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

_HOUR_S = 3600
_RENDERERS = {"yaml": OpenApiYamlRenderer, "json": OpenApiJsonRenderer}


@cache
def _written(form: str) -> bytes:
    """Made anew it costs half a second, so each form is made once, whatever a stranger adds to the address."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # the library's class has no types
    return force_bytes(_RENDERERS[form]().render(document, renderer_context={}))


@require_safe
@cache_control(max_age=_HOUR_S)
def schema_page(request: HttpRequest) -> HttpResponse:
    """As YAML, or as JSON for who says so by `format=json` or in Accept."""
    accepted = request.headers.get("Accept", "")
    asked = request.GET.get("format", "json" if "json" in accepted else "yaml")
    form = asked if asked in _RENDERERS else "yaml"
    plain = form == "json" and "vnd.oai" not in accepted
    answer = HttpResponse(
        _written(form), content_type="application/json" if plain else str(_RENDERERS[form].media_type)
    )
    patch_vary_headers(answer, ["Accept"])
    return answer
