import ast
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, classes, functions, length, modules

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW_METHOD, MOST_BASES = 400, 50, 25, 2
VERBS = {"get", "post", "put", "patch", "delete", "head", "options"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers"}


def is_views(path: Path) -> bool:
    return path.stem == "views" or "views" in path.parent.parts or path.stem.endswith("_views")


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    files = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    long = {
        str(path): n
        for path in files
        if "migrations" not in path.parts and (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path}:{function.name}": length(function)
        for path, tree in modules().items()
        for function in functions(tree)
        if length(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_views_parse_access_act_and_reply_and_no_more() -> None:
    long = {
        f"{path}:{view.name}.{method.name}": length(method)
        for path, tree in modules().items()
        if is_views(path)
        for view in classes(tree)
        for method in functions(view)
        if method.name in VERBS and length(method) > LONGEST_VIEW_METHOD
    }
    assert long == {}


def test_classes_are_flat() -> None:
    tall = [
        f"{path}:{each.name}"
        for path, tree in modules().items()
        for each in classes(tree)
        if len(each.bases) > MOST_BASES
    ]
    assert tall == []


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    hidden = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for function in functions(tree)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workloom"))
        or (isinstance(node, ast.Import) and any(name.name.startswith("workloom") for name in node.names))
    ]
    # Django loads checks when all models are there, and only then.
    assert [place for place in hidden if not place.startswith("config/apps.py")] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in modules() if path.stem in VAGUE] == []
