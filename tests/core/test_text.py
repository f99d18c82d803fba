import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workloom.core.text import (
    fold,
    is_clean,
    nearest,
    search_text,
    slug,
    trimmed,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [("STRASSE", "straße"), ("Ｆｕｌｌ", "full"), ("é", "e\u0301"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("ﬁn", "FIN"), ("Ⅳ", "iv")],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("e", "é"), ("i", "ı"), ("a", "а"), ("İ", "I"), ("は", "ば")])
def test_names_that_differ_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(fold(text.upper()))


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("In Progress", "in_progress"),
        ("  Won't   fix! ", "won_t_fix"),
        ("進行中", "進行中"),
        ("В работе", "в_работе"),
        ("काम जारी", "काम_जारी"),
        ("QA / Review #2", "qa_review_2"),
        ("!!!", "item"),
        ("", "item"),
        ("🚀", "item"),
        ("a_b-c", "a_b_c"),
    ],
)
def test_a_slug_keeps_letters_and_digits_of_every_script(label: str, wanted: str) -> None:
    assert slug(label) == wanted


@given(st.text())
def test_a_slug_is_never_empty_and_its_own_slug(text: str) -> None:
    assert slug(text)
    assert slug(slug(text)) == slug(text)


def test_a_slug_takes_another_separator_and_fallback() -> None:
    assert slug("In Progress", sep="-") == "in-progress"
    assert slug("?", fallback="status") == "status"


def test_white_space_of_every_kind_is_trimmed() -> None:
    assert trimmed("\u3000\u00a0\t\n\u200b\ufeff a b \u2029\u2060") == "a b"
    assert trimmed("\u200b \u3000") == ""


@pytest.mark.parametrize("bad", ["\0", "a\0b", "\ud800", "x\udfff"])
def test_what_no_database_can_hold_is_not_clean(bad: str) -> None:
    assert not is_clean(bad)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_everything_else_is_clean(text: str) -> None:
    assert is_clean(text)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("asignee", "assignee"), ("Prioriti", "priority"), ("stat", "status"), ("zzz", None), ("", None)],
)
def test_the_nearest_name_is_offered(name: str, wanted: str | None) -> None:
    assert nearest(name, ["assignee", "priority", "status", "labels"]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fix the  LOGIN-page (again)!", "fix the login page again"),
        ("Straße", "strasse"),
        ("café cafe\u0301 CAFÉ", "cafe cafe cafe"),
        ("İSTANBUL ıstanbul Istanbul istanbul", "istanbul istanbul istanbul istanbul"),
        ("Łódź Ørsted Æsir", "lodz orsted aesir"),
        ("Ёлка", "елка"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("API项目计划v2", "api 项目计划 v2"),
        ("ｶﾞｲﾄﾞ ガイド", "ガイド ガイド"),
        ("がか", "がか"),
        ("프로젝트를", "프로젝트를"),
        ("هَٰذَا كِتَابٌ", "هذا كتاب"),
        ("٤٢ ４２ ४२", "42 42 42"),
        ("ship 🚀now", "ship 🚀 now"),
        ("❤️ 👩‍💻 👍🏽", "❤ 👩 💻 👍"),
        ("C++ and C#, g++", "cplusplus and csharp gplusplus"),
        ("foo_bar.baz", "foo bar baz"),
        ("100% \\ ' \" * :", "100"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("हिन्दी", "हिन्दी"),
        ("ไทย", "ไทย"),
        ("\0\n\t", ""),
    ],
)
def test_search_text_keeps_what_people_compare(text: str, wanted: str) -> None:
    assert search_text(text) == wanted


@given(st.text())
def test_search_text_is_stable_and_plain(text: str) -> None:
    found = search_text(text)
    assert search_text(found) == found
    assert found == " ".join(found.split())
    assert not set(found) & set("%_\\'\"*+-<>()~@:&|!¶")


@given(st.text(), st.text())
def test_texts_side_by_side_do_not_change_each_other(one: str, other: str) -> None:
    assert search_text(f"{one} {other}").split() == f"{search_text(one)} {search_text(other)}".split()


def test_a_long_text_takes_little_time() -> None:
    text = "Größe 项目 naïve 🚀 " * 6000
    start = time.process_time()
    search_text(text)
    assert time.process_time() - start < 1
