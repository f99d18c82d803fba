import sys
from typing import IO

from workloom.config.serving.protocol import Environ, Scope

_UNCHANGED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_known_names: dict[bytes, str] = {}
_MOST_KNOWN = 256


def environ_name(header: bytes) -> str:
    """A header's WSGI name; the usual ones are kept, and a stranger's many names don't fill the memory."""
    name = _known_names.get(header)
    if name is None:
        name = _UNCHANGED.get(header) or "HTTP_" + header.decode("latin-1").upper().replace("-", "_")
        if len(_known_names) < _MOST_KNOWN:
            _known_names[header] = name
    return name


def build_environ(scope: Scope, body: IO[bytes]) -> Environ:
    """PEP 3333 from an ASGI scope; a header whose name holds an underscore is dropped, for it could pose as another."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope["headers"]:
        if b"_" in header:
            continue
        name = environ_name(header)
        text = value.decode("latin-1")
        if name in environ and name.startswith("HTTP_"):
            text = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{text}"
        environ[name] = text
    return environ
