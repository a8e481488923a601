"""Which reminder the day calls for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reminders.windows import CATCH_UP, Due, deadlines_due, due_reminder, next_day, upcoming

DEADLINE = date(2026, 6, 30)
SERIES = (-14, -1, 1)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 6, 15), None),
        (date(2026, 6, 16), Due(date(2026, 6, 16), -14)),
        (date(2026, 6, 28), Due(date(2026, 6, 16), -14)),
        (date(2026, 6, 29), Due(date(2026, 6, 29), -1)),
        (date(2026, 6, 30), Due(date(2026, 6, 29), -1)),
        (date(2026, 7, 1), Due(date(2026, 7, 1), 1)),
        (date(2026, 7, 31), Due(date(2026, 7, 1), 1)),
        (date(2026, 8, 1), None),
    ],
)
def test_the_latest_reminder_whose_day_has_come_is_due_while_it_is_worth_sending(today, expected):
    assert due_reminder(DEADLINE, SERIES, today) == expected


def test_only_a_day_after_the_deadline_is_overdue():
    assert [Due(DEADLINE, offset).is_overdue for offset in (-1, 0, 1)] == [False, False, True]


def test_a_series_without_days_reminds_of_nothing():
    assert due_reminder(DEADLINE, (), DEADLINE) is None


@given(
    st.lists(st.integers(-90, 90), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 40), min_size=1, max_size=40),
)
def test_whenever_the_worker_runs_each_reminder_is_chosen_at_most_once_and_in_order(offsets, pauses):
    day, chosen = DEADLINE - timedelta(days=100), []
    for pause in pauses:
        day += timedelta(days=pause)
        due = due_reminder(DEADLINE, offsets, day)
        if due and due not in chosen:
            chosen.append(due)
        assert due is None or due.day <= day <= due.day + CATCH_UP
    assert [due.offset for due in chosen] == sorted(due.offset for due in chosen)


@pytest.mark.parametrize(("today", "expected"), [
    (DEADLINE - timedelta(days=200), DEADLINE + timedelta(days=min(SERIES))),
    (DEADLINE + timedelta(days=min(SERIES)), DEADLINE + timedelta(days=sorted(SERIES)[1])),
    (DEADLINE + timedelta(days=max(SERIES) - 1), DEADLINE + timedelta(days=max(SERIES))),
    (DEADLINE + timedelta(days=max(SERIES)), None),
])  # fmt: skip
def test_the_next_day_of_the_series_is_after_today(today, expected):
    assert next_day(DEADLINE, SERIES, today) == expected


def test_the_days_to_come_are_those_after_today_in_order():
    deadline = date(2025, 3, 10)
    days = upcoming(deadline, (14, -7, 0), date(2025, 3, 3))
    assert days == [date(2025, 3, 10), date(2025, 3, 24)]
    assert upcoming(deadline, (-7,), deadline) == []


@given(st.lists(st.integers(-60, 60), min_size=1, max_size=6), st.integers(-90, 90))
def test_no_reminder_is_due_of_a_deadline_outside_the_bounds(offsets, days):
    today = date(2025, 3, 1)
    deadline = today + timedelta(days=days)
    first, last = deadlines_due(offsets, today)
    assert first <= deadline <= last or due_reminder(deadline, offsets, today) is None
