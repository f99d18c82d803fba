"""The bench's own sums and rules: what counts, what is compared, and what it says of it."""

from datetime import UTC, datetime

import pytest

from bench.side_by_side.compare import Differs, differences, plain, require_same
from bench.side_by_side.figures import Measure, Ratio, exit_code, medians, ratios, summary, table
from bench.side_by_side.machine import Share, Stat, read_stat, share, spent
from bench.side_by_side.options import read_options
from bench.side_by_side.rounds import Round, gather, in_turns
from bench.side_by_side.works import BY_NAME, WORKS, Bound, bounds_of, servers_of, takes_part
from bench.side_by_side.wrk import NoFigures, read_figures

QUIET, DISTURBED, IDLE = Share(0.02, 0.97), Share(0.2, 0.99), Share(0.01, 0.5)


def measure(per_second: float) -> Measure:
    return Measure(per_second, 1.0, 2.0, 100.0, 50.0)


def test_a_round_counts_when_others_took_little_and_the_machine_was_used() -> None:
    assert [one.counts() for one in (QUIET, DISTURBED, IDLE, Share(0.1, 0.8))] == [True, False, False, True]


def test_where_requests_wait_for_each_other_less_use_is_enough() -> None:
    shares = (QUIET, DISTURBED, IDLE, Share(0.1, 0.39))
    assert [one.counts(in_turn=True) for one in shares] == [True, False, True, False]
    kept = gather(lambda _: {"W": (measure(1), IDLE)}, wanted=2, in_turn=True)
    assert len(kept.rounds) == 2


def test_time_is_ours_foreign_or_the_networks() -> None:
    before, after = Stat(100.0, 10.0, 200.0), Stat(107.0, 11.0, 210.0)
    found = share(before, after, ours=6.0)
    assert (found.foreign, found.used) == pytest.approx((0.1, 0.8))


def test_more_of_ours_than_was_worked_is_nothing_foreign() -> None:
    assert share(Stat(0, 0, 0), Stat(5, 0, 10), ours=6.0).foreign == 0


def test_what_the_hypervisor_took_counts_as_work_of_others() -> None:
    found = read_stat("cpu  100 0 50 800 20 10 20 30 0 0\ncpu0 1 2 3")
    assert (found.worked, found.interrupts, found.total) == pytest.approx((1.8, 0.3, 10.3))


def test_a_process_that_ended_takes_nothing_back_and_a_new_one_counts_whole() -> None:
    assert spent({1: 5.0, 2: 9.0}, {1: 6.0, 2: 0.0, 3: 0.5}) == 1.5


def test_disturbed_rounds_are_left_out_until_enough_count() -> None:
    shares = [DISTURBED, QUIET, IDLE, QUIET, QUIET]

    def once(number: int) -> Round:
        return {"W": (measure(number), shares[number]), "A": (measure(1), QUIET)}

    kept = gather(once, wanted=2)
    assert [one["W"].per_second for one in kept.rounds] == [1, 3]
    assert kept.discarded == ["W 20% foreign, 99% used", "W 1% foreign, 50% used"]


def test_a_machine_that_is_never_quiet_gives_no_rounds() -> None:
    kept = gather(lambda _: {"W": (measure(1), DISTURBED)}, wanted=2)
    assert kept.rounds == []
    assert len(kept.discarded) == 8


def test_a_rehearsal_keeps_every_round() -> None:
    kept = gather(lambda _: {"W": (measure(1), DISTURBED)}, wanted=2, keep_all=True)
    assert len(kept.rounds) == 2


def test_servers_take_turns_in_another_order_each_round() -> None:
    orders = {tuple(in_turns(["A", "W", "D"], number)) for number in range(20)}
    assert len(orders) > 3
    assert in_turns(["A", "W", "D"], 7) == in_turns(["A", "W", "D"], 7)


def test_the_median_is_of_each_figure() -> None:
    found = medians([Measure(1, 9, 3, 4, 5), Measure(3, 7, 2, 6, 1), Measure(2, 8, 1, 5, 3)])
    assert found == Measure(2, 8, 2, 5, 3)


def test_ratios_are_of_rates_and_carry_their_bounds() -> None:
    found = ratios(BY_NAME["one"], {"A": measure(10), "W": measure(70), "D": measure(200)}, BY_NAME["one"].bounds)
    assert [(one.server, one.value, one.is_below_floor) for one in found] == [("A", 7.0, False), ("D", 0.35, False)]
    assert [round(one.distance, 3) for one in found] == [0.875, 0.778]


def test_below_a_floor_is_failure_and_undecided_is_not_success() -> None:
    bound = Bound(goal=8, floor=6)
    good, low = Ratio("one", "A", 9, bound), Ratio("one", "A", 5, bound)
    assert exit_code([good], []) == 0
    assert exit_code([good, low], ["list"]) == 1
    assert exit_code([good], ["list"]) == 2
    assert exit_code([Ratio("ids", "A", 0.1, None)], []) == 0


def test_one_line_says_how_it_went() -> None:
    found = [Ratio("one", "A", 8.4, Bound(8, 6)), Ratio("list", "A", 5, Bound(10, 7)), Ratio("ids", "D", 1, None)]
    assert summary(found, ["board"]) == (
        "1 of 2 goals reached; the farthest: list, 50% of 10 x A; below the floor: list 5.00 x A;"
        " too disturbed to be judged: board."
    )


def test_columns_of_figures_stand_to_the_right() -> None:
    assert table([["work", "req/s"], ["a", "5"]]) == "work  req/s\na         5"


def test_every_floor_lies_at_or_below_its_goal() -> None:
    bounds = [bound for work in WORKS for sqlite in (True, False) for bound in bounds_of(work, sqlite=sqlite).values()]
    assert all(bound.floor <= bound.goal for bound in bounds)
    assert len(bounds) == 19


def test_nobody_wrote_the_raw_server_for_sqlite() -> None:
    assert servers_of(BY_NAME["list"], sqlite=True) == ("A", "W")
    assert servers_of(BY_NAME["events"], sqlite=False) == ("W", "D")
    assert [work.name for work in WORKS if not takes_part(work, sqlite=True)] == ["search", "events"]


def test_moments_lists_and_links_have_one_spelling() -> None:
    one = {"at": "2026-01-02T03:04:05.000000Z", "labels": ["b", "a"], "next": "/x?page=2"}
    other = {"at": "2026-01-02T04:04:05+01:00", "labels": ["a", "b"], "next": "/x?cursor=abc"}
    assert plain(one) == plain(other)
    assert plain(one)["at"] == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_count_of_pages_is_left_out_and_that_of_columns_is_not() -> None:
    assert plain({"count": 7, "results": []}) == {"results": []}
    assert plain({"count": 7, "cards": []}) == {"count": 7, "cards": []}


def test_a_number_of_the_feed_is_no_link() -> None:
    assert plain({"next": 100}) == {"next": 100}


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ({"a": 1}, {"a": 1, "b": None}, ".b: 'not there' and None"),
        ({"a": [1, 2]}, {"a": [1]}, ".a: 2 and 1 items"),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, ".a[0].b: 'x' and 'y'"),
        ({"a": True}, {"a": 1}, ".a: True and 1"),
    ],
)
def test_every_field_that_differs_is_named(one: object, other: object, named: str) -> None:
    assert differences(one, other) == [named]


def test_servers_that_answer_otherwise_stop_the_bench() -> None:
    with pytest.raises(Differs, match=r"one: W and A differ in 1 fields: \.title: 'x' and 'y'"):
        require_same("one", {"W": {"title": "x"}, "A": {"title": "y"}}, writes=False)


def test_what_a_new_row_makes_its_own_is_compared_by_its_kind() -> None:
    made = {"id": "1", "title": "x", "created_at": "2026-01-02T03:04:05Z"}
    require_same("create", {"W": made, "D": made | {"id": "2"}}, writes=True)
    with pytest.raises(Differs, match="created_at"):
        require_same("create", {"W": made, "D": made | {"created_at": None}}, writes=True)


def test_figures_of_the_load_generator_are_read() -> None:
    line = 'FIGURES {"requests": 100, "microseconds": 2000000, "p50": 1500, "p99": 9000, "refused": 0, "broken": 0}'
    found = read_figures(f"Running 2s test\n{line}\n")
    assert (found.per_second, found.p50_ms, found.p99_ms) == (50.0, 1.5, 9.0)


@pytest.mark.parametrize(("refused", "broken", "requests"), [(1, 0, 100), (0, 1, 100)])
def test_a_single_answer_that_is_no_success_voids_a_run(refused: int, broken: int, requests: int) -> None:
    with pytest.raises(NoFigures):
        read_figures(
            f'FIGURES {{"requests": {requests}, "microseconds": 1, "p50": 1, "p99": 1,'
            f' "refused": {refused}, "broken": {broken}}}'
        )


def test_options_have_the_usual_values_unless_sent() -> None:
    usual, quick = read_options([]), read_options(["--quick", "--works", "one,list", "--on", "sqlite"])
    assert (usual.rounds, usual.seconds, usual.tasks, usual.databases) == (5, 4, 200_000, ("postgres", "sqlite"))
    assert (quick.rounds, quick.seconds, quick.tasks, quick.databases) == (1, 1, 2000, ("sqlite",))
    assert quick.works == ("one", "list")


@pytest.mark.parametrize("arguments", [["--works", "nothing"], ["--parts", ""], ["--on", "oracle"]])
def test_unknown_words_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(arguments)
    assert "choose from" in capsys.readouterr().err
