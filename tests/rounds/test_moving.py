"""A historical round moved to today keeps its intervals by the calendar, also across a change of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from rounds.definition import move_dates
from rounds.definition.base import write_deadline, write_moment
from rounds.workflow import Phase, phase_at
from tests import factories

NORD = factories.definition("helse-nord-2025")
TROMS = factories.definition("troms-ofoten-2024")
INNLANDET = factories.definition("innlandet-2024")
SPECS = {spec.code: spec for spec in (NORD, TROMS, INNLANDET)}
# A definition is validated anew each time: no deadline on a busy machine.
patiently = settings(deadline=None, max_examples=40)
# The last years of the budget come after the round, and a year is at most 2100.
DAYS = st.dates(date(2001, 1, 1), date(2095, 12, 31))


def local_texts(spec):
    dates = spec.dates
    texts = [write_moment(dates.opens), write_deadline(dates.closes)]
    return texts + [write_deadline(moment) for moment in (dates.forward_by, dates.decision_by) if moment]


def test_the_round_opened_yesterday_and_keeps_24_00():
    moved = move_dates(NORD, date(2026, 11, 22))
    assert local_texts(moved) == ["2026-11-21 00:00", "2027-01-14 24:00", "2027-02-14 24:00"]
    assert write_deadline(moved.stages[0].deadline) == "2027-02-14 24:00"
    assert (moved.dates.dated, moved.title, moved.year) == (date(2026, 11, 21), NORD.title, 2025)


def test_a_deadline_moved_across_summer_time_is_still_midnight():
    moved = move_dates(NORD, date(2026, 3, 1))
    assert local_texts(moved) == ["2026-02-28 00:00", "2026-04-23 24:00", "2026-05-24 24:00"]
    assert moved.dates.closes == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert moved.dates.closes - moved.dates.opens == timedelta(days=55, hours=-1)


def test_an_hour_that_does_not_exist_becomes_the_next_and_one_that_is_twice_favours_the_applicant():
    spec = factories.changed(TROMS, dates={"announced": "2024-05-31 00:00", "closes": "2024-06-17 02:30"})
    assert local_texts(move_dates(spec, date(2025, 3, 14))) == ["2025-03-13 00:00", "2025-03-30 03:30"]
    twice = move_dates(spec, date(2025, 10, 10))
    assert (local_texts(twice)[1], twice.dates.closes) == (
        "2025-10-26 02:30",
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    )


def test_milestones_and_own_deadlines_move_along():
    moved = move_dates(INNLANDET, date(2024, 11, 27))
    assert [write_deadline(item.at) for item in moved.dates.milestones] == [
        "2024-09-20 24:00",
        "2024-10-18 24:00",
        "2024-11-25 24:00",
    ]
    data = NORD.to_data()
    data["communities"][1]["closes"] = "2025-03-08 24:00"
    with_own_deadline = move_dates(type(NORD).model_validate(data), date(2025, 1, 8))
    assert write_deadline(with_own_deadline.communities[1].closes) == "2025-03-09 24:00"


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2025, 1, 8), (2025, 2026, 2027, 2028)),
        (date(2025, 11, 8), (2025, 2026, 2027, 2028)),  # the deadline is 31 December, 24.00
        (date(2025, 11, 9), (2026, 2027, 2028, 2029)),
        (date(2026, 11, 22), (2027, 2028, 2029, 2030)),
        (date(2020, 3, 1), (2020, 2021, 2022, 2023)),
    ],
)
def test_the_years_of_the_budget_follow_the_year_of_the_deadline(day, years):
    assert move_dates(NORD, day).budget.years == years


def test_a_round_of_one_day_is_open_on_the_day():
    spec = factories.changed(TROMS, dates={"opens": "2024-06-17 08:00", "closes": "2024-06-17 16:00"})
    assert local_texts(move_dates(spec, date(2026, 1, 2))) == ["2026-01-02 08:00", "2026-01-02 16:00"]


@patiently
@given(day=DAYS, code=st.sampled_from(list(SPECS)))
def test_whatever_the_day_the_round_is_open_all_of_it(day, code):
    dates = move_dates(SPECS[code], day).dates
    for moment in (clock.at_local(day), clock.end_of_day(day) - timedelta(microseconds=1)):
        phase = phase_at(moment, announced=dates.announced, opens=dates.opens, closes=dates.closes)
        assert phase == Phase.OPEN


@patiently
@given(day=DAYS, code=st.sampled_from(list(SPECS)))
def test_whatever_the_day_the_intervals_are_the_same_on_the_wall(day, code):
    before, after = local_texts(SPECS[code]), local_texts(move_dates(SPECS[code], day))
    days = {date.fromisoformat(b[:10]) - date.fromisoformat(a[:10]) for a, b in zip(before, after, strict=True)}
    assert len(days) == 1
    assert [text[10:] for text in before] == [text[10:] for text in after]


@patiently
@given(day=DAYS)
def test_moving_twice_is_moving_once(day):
    assert move_dates(move_dates(NORD, date(2030, 6, 1)), day) == move_dates(NORD, day)


@pytest.mark.parametrize("text", ["2025-03-01 24:01", "2025-03-01 25:00", "2025-13-01 10:00", "9999-12-31 24:00"])
def test_a_moment_outside_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match="finnes ikke i kalenderen"):
        factories.changed(TROMS, dates={"closes": text})
