"""Markdown as people write it in descriptions and comments: to safe HTML, to plain text, and the names it mentions."""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin

from workloom.core.text import fold

_MENTION = re.compile(r"(?<![\w@./+-])@(\w(?:[\w.+-]{0,148}\w)?)")
# Finding addresses takes the square of a word's length, and deep nesting of what never closes multiplies the work.
_ENDLESS_WORD = re.compile(r"\S{4000}")
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


def to_text(text: str) -> str:
    """Return what a reader sees of a Markdown text, one block a line."""
    blocks = (
        _inline_text(token) if token.children is not None else token.content for token in _parser_for(text).parse(text)
    )
    return "\n".join(block.strip() for block in blocks if block.strip())


def mentions(text: str) -> set[str]:
    """Return the folded names after an @ that stand in running text, not in code and not in links."""
    found: set[str] = set()
    for token in _parser_for(text).parse(text):
        for part in _running_text(token.children or []):
            found.update(fold(name) for name in _MENTION.findall(part))
    return found


def _inline_text(token: Token) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(breaks.get(part.type, part.content) for part in token.children or [] if part.type != "html_inline")


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


def _parser(linkify: bool) -> MarkdownIt:  # noqa: FBT001 - two parsers, made once
    limits = {"html": False, "linkify": linkify, "breaks": True, "maxNesting": _MAX_NESTING}
    parser = MarkdownIt("js-default", limits).use(tasklists_plugin)
    parser.add_render_rule("image", _picture)
    return parser


def _parser_for(text: str) -> MarkdownIt:
    return _PLAIN_PARSER if _ENDLESS_WORD.search(text) else _LINK_PARSER


_LINK_PARSER = _parser(linkify=True)
_PLAIN_PARSER = _parser(linkify=False)
