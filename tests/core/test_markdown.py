import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bad_input.hostile import strings
from workloom.core import markdown
from workloom.core.text import fold

TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "input",
        "li",
        "ol",
    ),
    *("p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"href", "title", "rel", "class", "src", "alt", "type", "checked", "disabled", "start", "style"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    '![x](https://tracker.example/a.png"onload="alert(1))',
    '[x](https://example.com "\\" onclick=alert(1)")',
    '```"><script>\nx\n```',
    '<https://example.com/"onmouseover="alert(1)>',
    "[a]: javascript:alert(1)\n\n[a]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class _Reader(HTMLParser):
    """Notes what a browser would act on and nobody may write."""

    def __init__(self) -> None:
        super().__init__()
        self.offences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.offences.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.offences.append(f"{tag} {name}")
            if name in {"href", "src"} and not re.match(r"https?:|mailto:|(?![\s\w]*:)", value or "", re.IGNORECASE):
                self.offences.append(f"{tag} {name}={value}")


def _offences(text: str) -> list[str]:
    reader = _Reader()
    reader.feed(markdown.to_html(text))
    return reader.offences


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_survives(text: str) -> None:
    assert _offences(text) == []


@given(st.lists(st.sampled_from([*HOSTILE, "*", "_", "`", "[", "](", ")", "\n", " ", "a", "|", "<", ">", '"', "\\"])))
def test_no_mixture_becomes_active(parts: list[str]) -> None:
    assert _offences("".join(parts)) == []


def test_usual_markdown_is_rendered() -> None:
    assert (
        markdown.to_html("**bold** ~~gone~~ `code`") == "<p><strong>bold</strong> <s>gone</s> <code>code</code></p>\n"
    )
    assert markdown.to_html("```python\nx < 1\n```") == '<pre><code class="language-python">x &lt; 1\n</code></pre>\n'
    assert '<td style="text-align:right">1</td>' in markdown.to_html("|a|\n|-:|\n|1|")


def test_addresses_become_links_that_lend_no_reputation() -> None:
    assert markdown.to_html("see https://example.com/a?b=c") == (
        '<p>see <a href="https://example.com/a?b=c" rel="nofollow noopener noreferrer">https://example.com/a?b=c</a></p>\n'
    )


def test_a_task_list_shows_its_ticks() -> None:
    html = markdown.to_html("- [x] done\n- [ ] open")
    assert html.count('type="checkbox"') == 2
    assert html.count('checked="checked"') == 1


def test_pictures_load_from_this_host_only() -> None:
    assert '<img src="/files/a.png" alt="x">' in markdown.to_html("![x](/files/a.png)")
    assert "<img" not in markdown.to_html("![x](https://tracker.example/a.png)")
    assert "<img" not in markdown.to_html("![x](//tracker.example/a.png)")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann and @Bob.Smith, please", {"ann", "bob.smith"}),
        ("(@ann) **@bob**", {"ann", "bob"}),
        ("mail ann@example.com", set()),
        ("`@ann`", set()),
        ("```\n@ann\n```", set()),
        ("[@ann](https://example.com)", set()),
        ("@李雷 看一下", {"李雷"}),
        ("thanks @ann.", {"ann"}),
        ("@@ann", set()),
        ("@", set()),
        ("line\n@ann", {"ann"}),
        ("> - @ann", {"ann"}),
    ],
)
def test_mentions_are_names_in_running_text(text: str, names: set[str]) -> None:
    assert markdown.mentions(text) == names


@pytest.mark.parametrize(
    "unit", ["[", "*", "> ", "`", "![](", "- ", "@a ", "<a ", "|", "_a", "&#0;", "http://a.", "http://a.b "]
)
def test_long_hostile_texts_take_no_long_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    start = time.process_time()
    markdown.to_html(text)
    assert time.process_time() - start < 5


def test_naughty_strings_render() -> None:
    for text in strings():
        assert _offences(text) == []
        assert all(fold(name) == name for name in markdown.mentions(text))
