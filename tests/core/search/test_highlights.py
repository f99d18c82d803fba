import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workloom.core.search.highlights import Fragment, _mapped, highlights, marked
from workloom.core.text import search_text


def _shown(fragment: Fragment) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in fragment)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Fix the Login-page", "login", "Fix the [Login]-page"),
        ("Fix the Login-page", "page fix", "[Fix] the Login-[page]"),
        ("Undeployable", "deploy", "Un[deploy]able"),
        ("Café Cafe\u0301 cafe", "cafe", "[Café] [Cafe\u0301] [cafe]"),
        ("Straße", "strasse", "[Straße]"),
        ("İstanbul", "istanbul", "[İstanbul]"),
        ("请在周五之前完成测试报告", "测试", "请在周五之前完成[测试]报告"),
        ("ｶﾞｲﾄﾞ", "ガイド", "[ｶﾞｲﾄﾞ]"),
        ("프로젝트계획을", "계획", "프로젝트[계획]을"),
        ("go 🚀now", "🚀", "go [🚀]now"),
        ("ok 👍🏽 done", "👍", "ok [👍🏽] done"),
        ("مُدِيرُ المشروع", "مدير", "[مُدِيرُ] المشروع"),
        ("about a bat", "a", "[a]bout [a] bat"),
        ("use C++ or c", "c++", "use [C++] or c"),
        ("see ENG-42.", "eng-42", "see [ENG-42]."),
        ("<b>bold & co</b>", "bold", "<b>[bold] & co</b>"),
        ("a  b\n\nc", '"a b c"', "[a  b\n\nc]"),
        ("foobar", "foo oba", "[fooba]r"),
        ("nothing here", "login", "nothing here"),
        ("nothing here", "%", "nothing here"),
        ("", "login", ""),
    ],
)
def test_hits_are_marked_in_the_words_of_the_writer(text: str, query: str, shown: str) -> None:
    assert _shown(marked(text, query)) == shown


@given(st.text(), st.text())
def test_the_parts_are_the_text(text: str, query: str) -> None:
    assert "".join(part.text for part in marked(text, query)) == text


@given(st.text(alphabet=st.characters(max_codepoint=0x3FFF)))
@example("A#\u0d3b")
@example("c++\u0301 C#\u0301")
def test_characters_are_mapped_as_the_index_writes_them(text: str) -> None:
    assert _mapped(text)[0].strip() == search_text(text)


@given(st.text(st.characters(max_codepoint=127), max_size=60), st.text(st.sampled_from("aAb1 -_'.+"), max_size=6))
def test_the_short_way_through_plain_text_leads_to_the_same_places(text: str, query: str) -> None:
    assert _shown(marked(text, query)) == _shown(marked(f"{text} é", query)).removesuffix(" é")


def test_fragments_surround_hits_and_end_between_words() -> None:
    text = "lorem ipsum " * 50 + "the needle here " + "dolor sit " * 50 + "another needle " + "amet " * 50
    fragments = highlights(text, "needle", width=60)
    assert [_shown(fragment) for fragment in fragments] == [
        "lorem ipsum the [needle] here dolor sit dolor sit dolor sit",
        "sit another [needle] amet amet amet amet amet amet amet",
    ]


def test_no_hit_no_fragment_and_never_more_than_asked_for() -> None:
    assert highlights("some text", "login") == []
    assert len(highlights("needle " + "x " * 200, "needle", most=3)) == 1
    assert len(highlights(("needle " + "x " * 200) * 9, "needle", most=3)) == 3


@given(st.text(max_size=150), st.text(max_size=150), st.text("abc", min_size=1, max_size=5), st.integers(1, 40))
def test_fragments_are_parts_of_the_text_with_a_hit(before: str, after: str, query: str, width: int) -> None:
    text = f"{before} {query} {after}"
    fragments = highlights(text, query, width=width)
    assert fragments
    for fragment in fragments:
        assert "".join(part.text for part in fragment) in text
        assert any(part.hit for part in fragment)


def test_the_longest_text_takes_little_time() -> None:
    text = "Größe 项目 naïve 🚀 " * 6000
    start = time.process_time()
    highlights(text, "größe 项 naive a b c d e f g h", most=3)
    assert time.process_time() - start < 1
