"""Time in UTC, shown and reckoned in Oslo."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo == UTC


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 1, 1, 22, 59, 59, tzinfo=UTC), date(2025, 1, 1)),
        (datetime(2025, 1, 1, 23, 0, tzinfo=UTC), date(2025, 1, 2)),
        (datetime(2025, 7, 1, 21, 59, 59, tzinfo=UTC), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 22, 0, tzinfo=UTC), date(2025, 7, 2)),
    ],
)
def test_local_date_follows_oslo_in_winter_and_summer(moment, expected):
    assert clock.local_date(moment) == expected


def test_end_of_day_is_the_first_moment_after_it():
    assert clock.end_of_day(date(2025, 3, 1)) == datetime(2025, 3, 1, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 5, 1), 24)])
def test_day_has_as_many_hours_as_the_clocks_say(day, hours):
    assert clock.end_of_day(day) - clock.at_local(day) == timedelta(hours=hours)


def test_hour_on_oslos_clocks_becomes_utc():
    assert clock.at_local(date(2025, 7, 1), time(14, 2)) == datetime(2025, 7, 1, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 15), 9, date(2025, 10, 15)),
        (date(2025, 5, 31), 9, date(2026, 2, 28)),
        (date(2023, 5, 31), 9, date(2024, 2, 29)),
        (date(2025, 12, 31), 0, date(2025, 12, 31)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last_one(day, months, expected):
    assert clock.add_months(day, months) == expected


def test_next_day_passes_the_new_year():
    assert clock.next_day(date(2025, 12, 31)) == date(2026, 1, 1)
