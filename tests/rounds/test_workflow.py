"""Phases by the clock: at the second before, at it, and after."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.clock import end_of_day
from rounds.workflow import Phase, phase_at

ANNOUNCED = datetime(2025, 1, 6, 7, tzinfo=UTC)
OPENS = datetime(2025, 1, 10, 7, tzinfo=UTC)
# 24:00 the day before summer time begins, and so one hour less of the last day.
CLOSES = end_of_day(datetime(2025, 3, 29).date())  # noqa: DTZ001 - a date
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "before", "at", "after"),
    [
        (ANNOUNCED, Phase.PLANNED, Phase.ANNOUNCED, Phase.ANNOUNCED),
        (OPENS, Phase.ANNOUNCED, Phase.OPEN, Phase.OPEN),
        (CLOSES, Phase.OPEN, Phase.CLOSED, Phase.CLOSED),
    ],
)
def test_the_phase_changes_at_the_second(moment, before, at, after):
    phases = [
        phase_at(now, announced=ANNOUNCED, opens=OPENS, closes=CLOSES)
        for now in (moment - SECOND, moment, moment + SECOND)
    ]
    assert phases == [before, at, after]


@settings(deadline=None)
@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), min_size=2, max_size=9))  # noqa: DTZ001
def test_phases_only_go_forward(moments):
    order = list(Phase)
    positions = [
        order.index(phase_at(moment.replace(tzinfo=UTC), announced=ANNOUNCED, opens=OPENS, closes=CLOSES))
        for moment in sorted(moments)
    ]
    assert positions == sorted(positions)
