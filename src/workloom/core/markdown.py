"""Markdown as people write it in descriptions and comments: to safe HTML, and the names it mentions."""

import re
from collections.abc import Iterator, MutableMapping
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin

from workloom.core.text import fold

_MENTION = re.compile(r"(?<![\w@./+-])@(\w(?:[\w.+-]{0,148}\w)?)")
# What takes the square of something's number is left out of texts with more of it than people write.
_ENDLESS_WORD = re.compile(r"\S{4000}")
_TABLE_RULE = re.compile(r"^[ \t>]*[|:-][|: \t-]*$", re.MULTILINE)
_MAX_CELLS = 10_000
_MAX_BOXES = 1000
_MAX_BRACKETS = 10_000
_MAX_NESTING = 30
_SCHEMES = {"http", "https", "mailto"}
_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "input"),
    *("li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled", "type"},
    "ol": {"start"},
}
_LIST_CLASSES = {"contains-task-list", "task-list-item", "task-list-item-checkbox"}
_CELL_STYLES = {f"text-align:{side}" for side in ("left", "center", "right")}
_VALUES = {
    "td": {"style": _CELL_STYLES},
    "th": {"style": _CELL_STYLES},
}


def to_html(text: str) -> str:
    """Render Markdown; HTML in it is shown as text, and pictures of other hosts become links."""
    return nh3.clean(
        _parser_for(text).render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        allowed_classes={"ul": _LIST_CLASSES, "li": _LIST_CLASSES, "input": _LIST_CLASSES},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
        attribute_filter=_only_language_classes,
    )


def mentions(text: str) -> set[str]:
    """Return the folded names after an @ that stand in running text, not in code and not in links."""
    found: set[str] = set()
    for token in _parser_for(text).parse(text):
        for part in _running_text(token.children or []):
            found.update(fold(name) for name in _MENTION.findall(part))
    return found


def _running_text(parts: list[Token]) -> Iterator[str]:
    """Yield runs of text that touch each other as one, so that the character before an @ is seen."""
    run, inside_link = "", 0
    for part in parts:
        inside_link += part.nesting if part.type in {"link_open", "link_close"} else 0
        if part.type in {"text", "text_special"} and not inside_link:
            run += part.content
            continue
        yield run
        run = "" if part.type in {"softbreak", "hardbreak"} or part.nesting else "\\w"
    yield run


def _only_language_classes(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("code", "class"):
        return value if re.fullmatch(r"language-[\w+#.-]{1,40}", value) else None
    return value


def _picture(
    renderer: RendererHTML, tokens: list[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    source = str(tokens[at].attrGet("src") or "")
    if source.startswith("/") and not source.startswith(("//", "/\\")):
        return renderer.image(tokens, at, options, env)
    label = renderer.renderInlineAsText(tokens[at].children, options, env) or source
    return f'<a href="{nh3.clean_text(source)}">{nh3.clean_text(label)}</a>'


@cache
def _parser(left_out: tuple[str, ...]) -> MarkdownIt:
    limits = {"html": False, "linkify": "linkify" not in left_out, "breaks": True, "maxNesting": _MAX_NESTING}
    parser = MarkdownIt("js-default", limits)
    if "boxes" not in left_out:
        parser.use(tasklists_plugin)
    parser.disable([rule for rule in ("table", "link", "image") if rule in left_out])
    parser.add_render_rule("image", _picture)
    return parser


def _parser_for(text: str) -> MarkdownIt:
    left_out = ["linkify"] if _ENDLESS_WORD.search(text) else []
    if _cells(text) > _MAX_CELLS:
        left_out.append("table")
    if text.count("[ ]") + text.lower().count("[x]") > _MAX_BOXES:
        left_out.append("boxes")
    if text.count("[") > _MAX_BRACKETS:
        left_out += ["link", "image"]
    return _parser(tuple(left_out))


def _cells(text: str) -> int:
    """Return how many cells the tables of a text have at most: each row is filled up to the width of the header."""
    text, total = text.replace("\r\n", "\n").replace("\r", "\n"), 0
    for rule in _TABLE_RULE.finditer(text):
        columns = rule[0].count("|") + 1
        if columns > 1:
            end = text.find("\n\n", rule.end())
            total += columns * (text.count("\n", rule.end(), end if end >= 0 else len(text)) + 1)
        if total > _MAX_CELLS:
            break
    return total
