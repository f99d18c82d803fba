"""Which operations the tests have called: at the end of a whole run, one that none has called is a failure."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import EndpointEnumerator

_called: set[str] = set()
_missing: list[str] = []


class CalledMiddleware:
    """Remembers the route of each request that the tests send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.resolver_match is not None:
            _called.add(f"{request.method} {request.resolver_match.route}")
        return answer


class Called:
    """Gathers from the workers, and compares with what is documented."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """With several workers: take over what each has called."""
        _called.update(getattr(node, "workeroutput", {}).get("called", []))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["called"] = sorted(_called)
        elif _is_whole(session.config):
            _missing.extend(sorted(documented() - _called))
            if _missing and session.exitstatus == 0:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if _is_whole(terminalreporter.config):
            terminalreporter.write_line(
                f"{len(documented())} operations are documented; no test calls {len(_missing)}."
            )
            for name in _missing:
                terminalreporter.write_line(f"  not called: {name}")


def documented() -> set[str]:
    """Return every documented operation as method and route."""
    found = set()
    for _, route, method, callback in EndpointEnumerator().get_api_endpoints():  # type: ignore[no-untyped-call] # the library has no types
        operation = getattr(getattr(callback.cls, method.lower(), None), "operation", None)
        if operation is not None and not callback.initkwargs.get("alias", False):
            found.add(f"{method} {route.lstrip('/')}")
    return found


def _is_whole(config: pytest.Config) -> bool:
    return (
        not config.option.collectonly
        and config.args_source is not pytest.Config.ArgsSource.ARGS
        and not config.option.keyword
    )
