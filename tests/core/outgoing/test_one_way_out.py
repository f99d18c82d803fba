import ast
from pathlib import Path

from tests.architecture.sources import modules

WIRE = Path("core/outgoing/wire.py")
CLIENTS = {"httpx2", "httpcore2", "httpx", "requests", "urllib3", "aiohttp", "pycurl", "urllib.request", "http.client"}


def _imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return names


def test_only_the_wire_knows_an_http_client() -> None:
    found = {
        path: clients
        for path, tree in modules().items()
        if (clients := {name for name in _imported(tree) if name in CLIENTS or name.split(".")[0] in CLIENTS})
    }
    assert found == {WIRE: {"httpx2", "httpcore2"}}


def test_the_wire_uses_only_what_its_library_promises() -> None:
    own_or_pythons = ("self.", "type(error).__name__")
    private = [
        ast.unparse(node)
        for node in ast.walk(modules()[WIRE])
        if isinstance(node, ast.Attribute) and node.attr.startswith("_")
    ]
    assert [name for name in private if not name.startswith(own_or_pythons)] == []
