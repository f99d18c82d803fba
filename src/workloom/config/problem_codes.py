"""docs/problems.md: every code that a refusal can carry, read from the code that refuses."""

import ast
import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from rest_framework import serializers
from rest_framework.exceptions import ParseError

import workloom
from workloom.config.rooms import URLS
from workloom.core.errors import Refused
from workloom.core.http.inputs import Input

_HEAD = """# Problem codes

Made from the code by `make docs`; change the code that refuses, not this page.

Every error answer is a problem document (RFC 9457) with a `code`. Programs decide by the code: it stays, while the words
of `detail` may become better. Where fields are wrong the code is `invalid`, and each entry of `errors` has a code of its
own from the second table. “…” stands for what differs from case to case.
"""
_SOURCE = Path(workloom.__file__).parent
_OF_FILES = ("outlets/exchange/sources/", "outlets/exchange/actions/run.py")
"""Where a file is refused, which is told in the import's report and not by the status of an answer."""
_BY_FIELD = {"Invalid", "FieldError"}
_CODE = re.compile(r"[a-z0-9_…]*[a-z][a-z0-9_…]*")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
Texts = Mapping[str, str]
T = TypeVar("T")


@dataclass
class Found:
    """Codes with what is said, of whole answers with their status; the first words that are found stay."""

    answers: dict[tuple[str, int], str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def note_answer(self, code: str, status: int, words: str) -> None:
        if _CODE.fullmatch(code):
            self.answers[code, status] = self.answers.get((code, status)) or words

    def note_field(self, code: str, words: str) -> None:
        if _CODE.fullmatch(code):
            self.fields[code] = self.fields.get(code) or words

    def note_file(self, code: str, words: str) -> None:
        if _CODE.fullmatch(code):
            self.files[code] = self.files.get(code) or words


def problems_page() -> str:
    found = codes_in_the_code()
    answers = [(f"`{code}`", str(status), words) for (code, status), words in sorted(found.answers.items())]
    same = {code: words for (code, _), words in found.answers.items()}
    fields = [(f"`{code}`", words or same.get(code, "")) for code, words in sorted(found.fields.items())]
    files = [(f"`{code}`", words) for code, words in sorted(found.files.items())]
    return "\n".join(
        [
            _HEAD,
            "## Of an answer\n",
            *_table(("Code", "Status", "Says, for example"), answers),
            "\n## Of a field\n",
            *_table(("Code", "Says, for example"), fields),
            "\n## Of a file to import\n",
            *_table(("Code", "Says, for example"), files),
            "",
        ]
    )


def codes_in_the_code() -> Found:
    found, kinds = Found(), _kinds()
    _note_what_no_literal_says(found)
    _read_forms(found)
    for path in sorted(_SOURCE.rglob("*.py")):
        name = path.relative_to(_SOURCE).as_posix()
        if "/migrations/" not in name:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            _Module(tree, kinds, found, is_of_files=name.startswith(_OF_FILES)).read()
    return found


def _note_what_no_literal_says(found: Found) -> None:
    found.note_answer("invalid", 400, "The detail of the one wrong field, or how many need a correction.")
    found.note_answer("malformed_json", 400, "This is not JSON: … at line …, column ….")
    found.note_answer(ParseError.default_code, ParseError.status_code, "The form cannot be read.")
    found.note_field("invalid", "This cannot be taken.")
    found.note_file("file_kind", "This is a zip archive or a spreadsheet. Unpack it, or save the sheet as CSV UTF-8.")


def _kinds() -> dict[str, int]:
    """Return the status of every kind of refusal by the name of its class, all rooms being loaded."""
    for module in URLS:
        importlib.import_module(module)
    kinds: list[type[Refused]] = [Refused, *_below(Refused)]
    return {kind.__name__: kind.status for kind in kinds if kind.__module__.startswith("workloom.")}


def _below(kind: type[T]) -> Iterator[type[T]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


@dataclass(frozen=True)
class _Module:
    tree: ast.Module
    kinds: Mapping[str, int]
    found: Found
    is_of_files: bool

    def read(self) -> None:
        returned = {
            node.name: _text(last.value, {})
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and isinstance(last := node.body[-1], ast.Return)
        }
        for node in self.tree.body:
            for kind in ast.walk(node):
                if isinstance(kind, ast.ClassDef) and kind.name in self.kinds and kind.name not in _BY_FIELD:
                    self._read_kind(kind)
            for scope in _scopes(node):
                for call in _calls(scope):
                    name = call.func.id if isinstance(call.func, ast.Name) else ""
                    if name in self.kinds or name in _BY_FIELD:
                        texts = {**returned, **_assigned(scope, before=call)}
                        self._read_call(call, name, _status_set_in(scope), texts)

    def _read_kind(self, kind: ast.ClassDef) -> None:
        """Read a kind of refusal that brings its own code: as a default, or handed on to the base."""
        for function in ast.walk(kind):
            if not isinstance(function, ast.FunctionDef) or function.name != "__init__":
                continue
            names = [argument.arg for argument in function.args.args]
            defaults = dict(zip(names[::-1], function.args.defaults[::-1], strict=False))
            if "code" in defaults:
                words = _text(defaults.get("detail"), {})
                self.found.note_answer(_text(defaults["code"], {}), self.kinds[kind.name], words)
            for call in _calls(function):
                if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" and len(call.args) > 1:
                    words = _text(call.args[1], {})
                    self.found.note_answer(_text(call.args[0], {}), self.kinds[kind.name], words)

    def _read_call(self, call: ast.Call, name: str, status: int | None, texts: Texts) -> None:
        at = 1 if name in _BY_FIELD else 0
        code, words = (_text(argument, texts) for argument in [*call.args[at : at + 2], None, None][:2])
        if name in _BY_FIELD:
            self.found.note_field(code, words)
        elif self.is_of_files:
            self.found.note_file(code, words)
        else:
            self.found.note_answer(code, status or self.kinds[name], words)


def _scopes(node: ast.stmt) -> list[ast.AST]:
    """Return the functions in a statement, or the statement itself where it holds none."""
    functions: list[ast.AST] = [inner for inner in ast.walk(node) if isinstance(inner, ast.FunctionDef)]
    return functions or [node]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _assigned(scope: ast.AST, *, before: ast.Call) -> dict[str, str]:
    """Return the texts of local variables, for refusals whose words are too long for one line."""
    assignments = [node for node in ast.walk(scope) if isinstance(node, ast.Assign) and node.lineno < before.lineno]
    return {
        target.id: _text(node.value, {})
        for node in sorted(assignments, key=lambda node: node.lineno)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _status_set_in(scope: ast.AST) -> int | None:
    """Return the status that a function writes on the refusal which it makes."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and target.attr == "status":
                return node.value.value
    return None


def _text(node: ast.expr | None, texts: Texts) -> str:
    """Spell a text as far as the code says it, with … for what is put into it; of two possible ones the first."""
    spelled = ""
    match node:
        case ast.Constant(value=str(text)):
            spelled = text
        case ast.JoinedStr(values=parts):
            spelled = "".join(_text(part, texts) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=one, right=other):
            spelled = f"{_text(one, texts) or '…'}{_text(other, texts)}"
        case ast.BoolOp(values=parts):
            spelled = next((text for part in parts if (text := _text(part, texts))), "")
        case ast.IfExp(body=one, orelse=other):
            spelled = _text(one, texts) or _text(other, texts)
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            spelled = texts.get(name, "")
    return spelled


def _read_forms(found: Found) -> None:
    """Read what the fields of all bodies say: their codes are the keys of their messages, of which the most usual counts."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for form in _below(Input):
        if form.__module__.startswith("workloom."):
            for each in _fields_of(form().fields.values()):
                for code, words in each.error_messages.items():
                    said[code][_PLACEHOLDER.sub("…", str(words))] += 1
    for code, counted in said.items():
        found.note_field(code, max(counted, key=lambda words: (counted[words], words)))


def _fields_of(fields: Iterable[Any]) -> Iterator[serializers.Field[Any, Any, Any, Any]]:
    for each in fields:
        yield each
        if getattr(each, "child", None) is not None:
            yield from _fields_of([each.child])
        if isinstance(each, serializers.Serializer):
            yield from _fields_of(each.fields.values())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"


def _plain(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
