"""The page at the bare address, for people who try the server in a browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workloom import __version__


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what runs here and where to go; it reads nothing and tells nothing about anybody."""
    return render(request, "home.html", {"version": __version__})
