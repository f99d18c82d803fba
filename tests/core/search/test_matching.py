"""The same cases on every database: what is found, and what comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bad_input.hostile import strings
from tests.core.search.library import TEXTS, Library
from workloom.core.models import SearchRow
from workloom.core.search.matching import matching, search_condition
from workloom.core.search.terms import codes_in, terms_of
from workloom.core.text import fold, search_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("login", {"login", "deploy"}),
        ("LOGIN page", {"login"}),
        ("page login", {"login"}),
        ("login nothing", set()),
        ("deploy", {"login", "deploy", "redeploy", "deploy word", "deploy body", "closed deploy"}),
        ("ployab", {"redeploy"}),
        ("undep", {"redeploy"}),
        ('"not to be"', {"stop words"}),
        ('"to not be"', set()),
        ("be to or", {"stop words"}),
        ("the", {"login", "deploy", "stop words"}),
        ("was who with", {"stop words"}),
        ("it", {"stop words", "wild"}),
        ("ui", {"short"}),
        ("u", {"login", "redeploy", "short", "german", "emoji", "mail", "numbers"}),
        ("qa ui b", {"short"}),
        ("计划", {"chinese"}),
        ("划", {"chinese"}),
        ("项目计划", {"chinese"}),
        ("计划项目", set()),
        ("测试 项目", {"chinese"}),
        ("完成测试报告", {"chinese"}),
        ("接口", {"chinese mixed"}),
        ("api 接口", {"chinese mixed"}),
        ("api接口", {"chinese mixed"}),
        ("v2的说", {"chinese mixed"}),
        ("ガイド", {"japanese", "half width"}),
        ("ｶﾞｲﾄﾞ", {"japanese", "half width"}),
        ("データ", {"japanese"}),
        ("設計", {"japanese"}),
        ("カイト", set()),
        ("프로젝트", {"korean"}),
        ("계획", {"korean"}),
        ("성능 데이터", {"korean"}),
        ("istanbul", {"turkish"}),
        ("ISTANBUL", {"turkish"}),
        ("ıstanbul", {"turkish"}),
        ("isik kirmizi", {"turkish"}),
        ("strasse", {"german"}),
        ("STRAẞE", {"german"}),
        ("groß", {"german"}),
        ("gros", {"german"}),
        ("uberma", {"german"}),
        ("cafe", {"composed", "decomposed"}),
        ("café", {"composed", "decomposed"}),
        ("cafe\u0301", {"composed", "decomposed"}),
        ("🚀", {"emoji"}),
        ("👍", {"emoji"}),
        ("👍🏿 ❤", {"emoji"}),
        ("🎉", set()),
        ("مدير", {"arabic"}),
        ("المشروع", {"arabic"}),
        ("مشروع", {"arabic"}),
        ("42", {"login", "deploy", "deploy body", "arabic"}),
        ("елочный", {"russian"}),
        ("ПРОЕКТ", {"russian"}),
        ("терф", {"russian"}),
        ("ра", set()),
        ("โครง", {"thai"}),
        ("ระบบ", {"thai"}),
        ("योजना", {"hindi"}),
        ("परियोजना", {"hindi"}),
        ("c++", {"languages"}),
        ("C#", {"languages"}),
        ("ENG-42", {"login", "deploy"}),
        ("eng-42", {"login", "deploy"}),
        ("old-7", {"login"}),
        ("ENG-42 page", {"login"}),
        ("(ENG-43)", {"redeploy"}),
        ("eng-4", set()),
        ("eng", {"deploy"}),
        ("covid-19", {"numbers"}),
        ("1732", {"numbers"}),
        ("173", {"numbers"}),
        ("v2.10", {"numbers"}),
        ("192.168.0", {"numbers"}),
        ("foo_bar", {"wild"}),
        ("foo-bar", {"wild"}),
        ("alpha beta", {"across"}),
        ('"alpha beta"', set()),
        ("user@example.com", {"mail"}),
        ("example.com/path", {"mail"}),
        ("pneumonoultramicroscopic", {"long word"}),
        ("noultramicros", {"long word"}),
        ("pneumonoultramicroscopical", set()),
        ("смотрящиевтуман", {"long word"}),
        ("смотрящиевдаль", set()),
    ],
)
def test_terms_are_found_in_any_order_whole_or_in_part(library: Library, query: str, names: set[str]) -> None:
    assert set(library.found(query)) == names


@pytest.mark.parametrize(
    "query",
    [
        *(
            "",
            " ",
            "\t\n",
            "%",
            "_",
            "%%",
            "*",
            "\\",
            "\\\\",
            "'",
            '"',
            '""',
            "''",
            "--",
            ";",
            "+",
            "-",
            "~",
            "@",
            "()",
        ),
        *(
            "+*",
            "qq AND login",
            "qq OR login",
            "qq NOT login",
            "NEAR(qq login)",
            "qq* OR login",
            "^qq",
            "title:x",
            "&",
            "|",
            "!",
            ":*",
            "\0",
            "\ud800",
            "<->",
        ),
        *("'; DROP TABLE core_searchrow; --", '" OR 1=1', "${7*7}", "{{7*7}}", "\u200b", "\ufe0f", "¶", "é" * 10_000),
        *("qq " * 5_000, '"' * 10_000, "%" * 10_000, "🚀" * 10_000, "项" * 10_000, "ﷺ" * 10_000, "abc* " * 2_000),
        *("unlikely_%", "%unlikely", "x'y\"z\\w", "(((((", "qq:b:c:d", "+login -page nothing"),
    ],
)
def test_hostile_queries_find_nothing_and_break_nothing(library: Library, query: str) -> None:
    assert library.found(query) == []


def test_naughty_strings_break_nothing(library: Library) -> None:
    for text in strings():
        assert len(library.found(text)) < len(TEXTS) / 2


@pytest.mark.parametrize("mark", ["%", "_", "\\", "'", "*", "+", "<", "@", "~", "(", ")", ":", "!", "&", "|"])
def test_operators_are_only_separators(library: Library, mark: str) -> None:
    assert set(library.found(f"{mark}login{mark} {mark}")) == {"login", "deploy"}
    assert set(library.found(f"login{mark}page")) == {"login"}


def test_title_comes_before_body_and_whole_word_before_beginning_before_part(library: Library) -> None:
    assert library.found("deploy") == ["deploy word", "closed deploy", "deploy", "redeploy", "deploy body", "login"]


def test_an_open_object_comes_before_a_closed_one_and_then_the_latest_change(library: Library) -> None:
    assert library.found("please") == ["deploy word", "closed deploy"]
    assert library.found("cafe") == ["decomposed", "composed"]


def test_a_key_brings_its_own_object_first(library: Library) -> None:
    assert library.found("ENG-42") == ["login", "deploy"]
    assert library.found("42")[0] == "deploy body"


def test_words_side_by_side_come_before_words_apart(library: Library) -> None:
    assert library.found("the login")[0] == "login"


@given(data=st.data())
def test_the_engine_finds_what_plain_python_finds(library: Library, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(list(TEXTS.values())))
    source = f"{text.title} {text.body}"
    start = data.draw(st.integers(0, len(source)))
    query = source[start : start + data.draw(st.integers(1, 14))] + data.draw(
        st.sampled_from(["", " ", " e", " 1", '"'])
    )
    assert set(library.found(query)) == {name for name in TEXTS if _has_all(name, query)}


def _has_all(name: str, query: str) -> bool:
    text = TEXTS[name]
    numbers = " ".join(code.rpartition("-")[2] for code in text.codes)
    body = f" {search_text(text.title)} ¶ {search_text(text.body)} ¶ {numbers}"
    codes = {*map(fold, text.codes), *codes_in(text.title), *codes_in(text.body)}
    terms = terms_of(query)
    return bool(terms) and all(term.code in codes if term.code else term.found_as in body for term in terms)


def test_readers_narrow_it_in_the_same_query(library: Library, django_assert_num_queries: object) -> None:
    visible = SearchRow.objects.filter(scope=library.scope, title__contains="page").values("subject")
    found = matching("login").filter(subject__in=visible)
    assert [library.names[row.object_id] for row in found] == ["login"]


def test_a_list_is_filtered_by_the_same_words(library: Library) -> None:
    found = SearchRow.objects.filter(search_condition("login", "object_id"), scope=library.scope)
    assert {library.names[row.object_id] for row in found} == {"login", "deploy"}
    assert not SearchRow.objects.filter(search_condition("%", "object_id"), scope=library.scope).exists()
    assert not SearchRow.objects.filter(search_condition("login", "object_id", kind="comment")).exists()
