import pytest
from hypothesis import given
from hypothesis import strategies as st

from workloom.core.rank import MAX_LENGTH, RankError, between, spread

PLACES = st.lists(st.integers(min_value=0), min_size=1, max_size=80)


def _insert(ranks: list[str], place: int) -> None:
    at = place % (len(ranks) + 1)
    ranks.insert(at, between(ranks[at - 1] if at else None, ranks[at] if at < len(ranks) else None))


@given(PLACES)
def test_rows_put_anywhere_stay_in_order_and_apart(places: list[int]) -> None:
    ranks: list[str] = []
    for place in places:
        _insert(ranks, place)
    assert [rank.encode() for rank in ranks] == sorted({rank.encode() for rank in ranks})
    assert all(rank.isascii() and rank.isalnum() for rank in ranks)


@given(PLACES, st.integers(1, 60), st.data())
def test_spread_fills_any_gap_in_order(places: list[int], count: int, data: st.DataObject) -> None:
    ranks: list[str] = []
    for place in places:
        _insert(ranks, place)
    gap = data.draw(st.integers(0, len(ranks)))
    after = ranks[gap - 1] if gap else None
    before = ranks[gap] if gap < len(ranks) else None
    filled = spread(count, after, before)
    assert len(filled) == count
    together = [*ranks[:gap], *filled, *ranks[gap:]]
    assert together == sorted(set(together))


@pytest.mark.parametrize("side", ["behind", "in front"])
def test_a_hundred_thousand_rows_at_one_end_keep_short_ranks(side: str) -> None:
    rank = between(None, None)
    for _ in range(100_000):
        rank = between(rank, None) if side == "behind" else between(None, rank)
    assert len(rank) <= 4


def test_spread_makes_short_ranks_for_a_long_list() -> None:
    ranks = spread(100_000)
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks)) <= 4


def test_spread_between_two_neighbours_is_even() -> None:
    ranks = spread(10_000, "a0", "a1")
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks)) <= 6


def test_always_the_same_gap_grows_slowly_and_ends_in_a_refusal() -> None:
    low, high = "a0", "a1"
    refused_after = 0
    for turn in range(1, 3000):
        try:
            high = between(low, high)
        except RankError:
            refused_after = turn
            break
    assert refused_after > 1000
    assert len(high) <= MAX_LENGTH


@pytest.mark.parametrize("bad", ["", "0", "a", "a00", "a0!", "é0", "A" + "0" * 26, "b1", "a0" + "z" * 300, " a0"])
def test_a_string_that_is_no_rank_is_refused(bad: str) -> None:
    with pytest.raises(RankError):
        between(bad, None)


@pytest.mark.parametrize(("before", "after"), [("a1", "a1"), ("a2", "a1")])
def test_neighbours_in_the_wrong_order_are_refused(before: str, after: str) -> None:
    with pytest.raises(RankError):
        between(before, after)


def test_there_is_always_something_in_front() -> None:
    lowest = "A" + "0" * 26 + "1"
    assert between(None, lowest) < lowest
    assert between("z" + "z" * 26, None) > "z" + "z" * 26
