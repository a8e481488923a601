"""How many queries the reminders after an award cost: the same for one row and for three."""

from datetime import date

import pytest

from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.services import accepting
from portal import rooms
from tests.decisions.world import adopted
from tests.followup.world import accepted, tell
from tests.world import NOW

pytestmark = pytest.mark.django_db


def told(house, count):
    """Awards that are told and not accepted."""
    meeting = adopted(house, [("granted", 1_000_000)] * count).meeting
    return [tell(house, decision) for decision in decide_from_minutes(meeting, by=house.secretary, at=NOW)]


def all_accepted(house, count):
    return [accepted(house, decision) for decision in told(house, count)]


def started(house, count):
    for acceptance in all_accepted(house, count):
        accepting.record_start(acceptance, date(2025, 2, 10), by=house.applicant, at=NOW)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("kind", "make", "day", "queries"),
    [
        ("acceptance", told, date(2025, 3, 4), 3),
        ("start", all_accepted, date(2025, 3, 1), 4),
        # Late: the secretariat is told too.
        ("evaluation", started, date(2025, 11, 25), 4),
    ],
)
def test_what_waits_after_an_award(kind, make, day, queries, count, house, django_assert_num_queries):
    make(house, count)
    (find_waiting,) = [each.find_waiting for each in rooms.reminder_kinds() if each.code == kind]
    with django_assert_num_queries(queries):
        waiting = list(find_waiting(day))
    assert [bool(item.recipients) for item in waiting] == [True] * count
