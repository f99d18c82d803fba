from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from workloom.core.ids import uuid7
from workloom.outlets.notifications.rules.hours import (
    Slot,
    after_quiet,
    digest_time,
    last_hour,
    may_begin_an_hour,
    next_hour,
    slots_between,
)
from workloom.outlets.notifications.rules.reasons import (
    Around,
    assigned_by,
    mentioned_by,
    names_in_description,
    strongest,
)
from workloom.outlets.notifications.rules.reminding import cause_of, deadline, reminder_of
from workloom.outlets.notifications.rules.words import _TEXTS, Facts, message_of, page_words
from workloom.people.accounts.rules.notices import NoticeKind, QuietHours

BERLIN, APIA, NEPAL = "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu"
ANN, BOB, CID, DOT = (uuid7() for _ in range(4))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestHours:
    @pytest.mark.parametrize(
        ("after", "hour", "zone", "expected"),
        [
            ("2026-11-20T07:59", 9, BERLIN, "2026-11-20T08:00"),
            ("2026-11-20T08:00", 9, BERLIN, "2026-11-21T08:00"),
            ("2026-03-28T08:00", 9, BERLIN, "2026-03-29T07:00"),  # the clock jumps forward in between
            ("2026-10-24T07:00", 9, BERLIN, "2026-10-25T08:00"),  # and back
            ("2026-03-28T01:00", 2, BERLIN, "2026-03-29T01:00"),  # two o'clock is skipped: it is three
            ("2026-10-24T23:00", 2, BERLIN, "2026-10-25T00:00"),  # two o'clock comes twice: the first counts
            ("2026-10-25T00:00", 2, BERLIN, "2026-10-26T01:00"),
            ("2026-11-20T03:00", 9, NEPAL, "2026-11-20T03:15"),
            ("2026-11-20T19:00", 9, APIA, "2026-11-20T20:00"),
        ],
    )
    def test_the_next_time_that_an_hour_begins(self, after: str, hour: int, zone: str, expected: str) -> None:
        assert next_hour(at(after), hour, zone) == at(expected)

    @pytest.mark.parametrize("zone", [BERLIN, NEPAL, APIA, "America/St_Johns", "Australia/Lord_Howe", "UTC"])
    @pytest.mark.parametrize("hour", [0, 2, 9, 23])
    def test_every_day_has_each_hour_once(self, zone: str, hour: int) -> None:
        moment, days = at("2026-01-01T00:00"), []
        while moment < at("2027-01-01T00:00"):
            following = next_hour(moment, hour, zone)
            assert last_hour(following, hour, zone) == following
            assert last_hour(following - timedelta(seconds=1), hour, zone) < following
            days.append(following)
            moment = following
        assert len(days) in (365, 366)
        assert all(timedelta(hours=22) < b - a < timedelta(hours=26) for a, b in pairwise(days))

    def test_mail_waits_until_the_quiet_hours_are_over(self) -> None:
        night, noon = QuietHours("22:00", "07:00"), QuietHours("12:00", "13:30")
        for quiet, ready, leaves in (
            (night, "2026-11-20T20:59", "2026-11-20T20:59"),
            (night, "2026-11-20T21:00", "2026-11-21T06:00"),
            (night, "2026-11-21T05:59", "2026-11-21T06:00"),
            (night, "2026-11-21T06:00", "2026-11-21T06:00"),
            (night, "2026-03-28T22:00", "2026-03-29T05:00"),
            (noon, "2026-11-20T11:15", "2026-11-20T12:30"),
            (noon, "2026-11-20T12:30", "2026-11-20T12:30"),
            (None, "2026-11-20T21:00", "2026-11-20T21:00"),
        ):
            assert (ready, after_quiet(at(ready), quiet, BERLIN)) == (ready, at(leaves))

    def test_a_digest_at_a_quiet_hour_waits_too(self) -> None:
        found = digest_time(at("2026-11-20T12:00"), 5, QuietHours("22:00", "07:00"), BERLIN)
        assert found == at("2026-11-21T06:00")

    def test_most_minutes_begin_no_hour_anywhere(self) -> None:
        assert not may_begin_an_hour(at("2026-11-20T08:01"), at("2026-11-20T08:14"))
        assert may_begin_an_hour(at("2026-11-20T08:14"), at("2026-11-20T08:15"))

    def test_of_a_long_sleep_the_last_hour_of_each_clock_counts(self) -> None:
        clocks = [(BERLIN, 9), (NEPAL, 9), (BERLIN, 20)]
        found = list(slots_between(clocks, at("2026-11-19T07:30"), at("2026-11-20T08:30")))
        assert found == [
            Slot(BERLIN, 9, at("2026-11-20T08:00"), at("2026-11-21T08:00")),
            Slot(NEPAL, 9, at("2026-11-20T03:15"), at("2026-11-21T03:15")),
            Slot(BERLIN, 20, at("2026-11-19T19:00"), at("2026-11-20T19:00")),
        ]
        assert list(slots_between(clocks, at("2026-11-20T08:00"), at("2026-11-20T08:30"))) == []


class TestReminders:
    slot = Slot(BERLIN, 9, at("2026-11-20T08:00"), at("2026-11-21T08:00"))

    def remind(self, day: str, instant: str = "", now: str = "2026-11-20T08:00") -> NoticeKind | None:
        return reminder_of(date.fromisoformat(day), at(instant) if instant else None, self.slot, at(now))

    def test_a_day_ends_on_the_persons_clock(self) -> None:
        assert deadline(date(2026, 11, 20), None, BERLIN) == at("2026-11-20T23:00")
        assert deadline(date(2026, 11, 20), at("2026-11-20T12:00"), BERLIN) == at("2026-11-20T12:00")

    def test_what_is_due_before_the_hour_comes_again_is_due_soon(self) -> None:
        assert self.remind("2026-11-20") is NoticeKind.DUE_SOON
        assert self.remind("2026-11-20", "2026-11-20T08:01") is NoticeKind.DUE_SOON
        assert self.remind("2026-11-21", "2026-11-21T08:00") is NoticeKind.DUE_SOON
        assert self.remind("2026-11-21", "2026-11-21T08:01") is None
        assert self.remind("2026-11-21") is None

    def test_what_is_past_since_two_days_at_most_is_overdue(self) -> None:
        assert self.remind("2026-11-19") is NoticeKind.OVERDUE
        assert self.remind("2026-11-20", "2026-11-20T08:00") is NoticeKind.OVERDUE
        assert self.remind("2026-11-18") is NoticeKind.OVERDUE
        assert self.remind("2026-11-17") is None

    def test_who_comes_late_does_not_call_soon_what_is_past(self) -> None:
        assert self.remind("2026-11-20", "2026-11-20T10:00", now="2026-11-20T10:30") is None

    def test_each_deadline_has_each_reminder_exactly_once_in_a_year_with_two_changes_of_the_clock(self) -> None:
        slots, moment = [], at("2025-12-30T00:00")
        while moment < at("2027-01-05T00:00"):
            here = next_hour(moment, 9, BERLIN)
            slots.append(Slot(BERLIN, 9, here, next_hour(here, 9, BERLIN)))
            moment = here
        for count in range(365):
            day = date(2026, 1, 1) + timedelta(days=count)
            found = [reminder_of(day, None, slot, slot.at) for slot in slots]
            assert found.count(NoticeKind.DUE_SOON) == 1
            assert 1 <= found.count(NoticeKind.OVERDUE) <= 3  # told once by their common cause
            assert found.index(NoticeKind.DUE_SOON) + 1 == found.index(NoticeKind.OVERDUE)

    def test_another_date_is_another_cause(self) -> None:
        causes = {
            cause_of(kind, ANN, day, instant)
            for kind in (NoticeKind.DUE_SOON, NoticeKind.OVERDUE)
            for day, instant in (
                (date(2026, 11, 20), None),
                (date(2026, 11, 21), None),
                (date(2026, 11, 20), at("2026-11-20T08:00")),
            )
        }
        assert len(causes) == 6
        longest = cause_of(NoticeKind.SLA_BREACHED, ANN, date(2026, 11, 20), at("2026-11-20T08:00:00.123"))
        assert len(longest) + 37 + 5 <= 160


class TestReasons:
    def test_around_a_task(self) -> None:
        circle = Around(ANN, frozenset({BOB}), frozenset({ANN, CID}), frozenset({DOT}))
        assert circle.everyone == {ANN, BOB, CID}
        assert circle.reminded == {ANN, BOB, CID}
        alone = Around(ANN, frozenset(), frozenset(), frozenset())
        assert alone.reminded == {ANN}
        assert Around(ANN, frozenset({BOB}), frozenset({CID}), frozenset({BOB})).reminded == {CID}
        assert Around(ANN, frozenset({BOB}), frozenset(), frozenset({ANN, BOB})).everyone == frozenset()

    def test_the_strongest_reason_wins_and_nobody_is_told_of_their_own_deeds(self) -> None:
        found = strongest(
            [
                (NoticeKind.COMMENTED, {ANN, BOB, CID}),
                (NoticeKind.MENTIONED, {BOB}),
                (NoticeKind.ASSIGNED, {CID}),
            ],
            actor=ANN,
        )
        assert found == {BOB: NoticeKind.MENTIONED, CID: NoticeKind.ASSIGNED}

    def test_only_who_is_new_is_called(self) -> None:
        assert assigned_by({"assignees": [[str(ANN)], [str(ANN), str(BOB)]]}) == {BOB}
        assert assigned_by({"assignees": [None, [str(ANN)]]}) == {ANN}
        assert assigned_by({"assignees": [[str(ANN)], []]}) == frozenset()
        assert mentioned_by({"mentions": [[str(ANN)], [str(BOB)]]}) == {BOB}
        assert names_in_description({"description": ["@ann", "@ann and @Bob"]}) == ["bob"]
        assert names_in_description({"description": ["@ann", None]}) == []
        assert names_in_description({}) == []


class TestWords:
    def test_every_kind_has_its_words_in_every_language(self) -> None:
        detail = {"from": "To do", "to": "Done", "due_date": "2026-11-30"}
        for locale in _TEXTS:
            for kind in NoticeKind:
                text = message_of(Facts(kind, "ENG-42", "Proofread", "Ann", detail), locale, "UTC")
                assert "ENG-42 “Proofread”" in text
                assert page_words(locale, kind).question
            assert page_words(locale, "digest").done

    def test_in_the_language_and_on_the_clock_of_the_reader(self) -> None:
        detail = {"due_date": "2026-11-30", "due_at": "2026-11-30T16:00:00+00:00"}
        facts = Facts(NoticeKind.DUE_SOON, "ENG-42", "Proofread", "", detail)
        assert message_of(facts, "en", "UTC") == ("ENG-42 “Proofread” is due: Monday, 30 November 2026, 16:00 (UTC)")
        assert "Montag, 30. November 2026, 17:00 Uhr" in message_of(facts, "de-AT", BERLIN)
        moved = Facts(NoticeKind.STATUS_CHANGED, "ENG-42", "Proofread", "", {"from": "To do", "to": "Done"})
        assert message_of(moved, "xx", "UTC") == "Somebody moved ENG-42 “Proofread” from To do to Done"

    def test_a_title_is_no_template(self) -> None:
        facts = Facts(NoticeKind.COMMENTED, "ENG-42", "{actor} {0}", "{task}", {})
        assert message_of(facts, "en", "UTC") == "{task} commented on ENG-42 “{actor} {0}”"
