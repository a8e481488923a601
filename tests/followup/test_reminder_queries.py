"""How many queries the reminders of assessments and after an award cost: the same for one row and for three."""

from datetime import date

import pytest

from applications.workflow import Status
from evaluation.assessment.models import Assignment
from evaluation.assessment.reminders import assessments
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.services import accepting
from portal import rooms
from tests import factories
from tests.decisions.world import adopted, application
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
        ("acceptance", told, date(2025, 3, 4), 5),
        ("start", all_accepted, date(2025, 3, 1), 5),
        # Late: the secretariat is told too.
        ("evaluation", started, date(2025, 11, 25), 5),
    ],
)
def test_what_waits_after_an_award(kind, make, day, queries, count, house, django_assert_num_queries):
    make(house, count)
    (find_waiting,) = [each.find_waiting for each in rooms.reminder_kinds() if each.code == kind]
    with django_assert_num_queries(queries):
        waiting = list(find_waiting(day))
    assert [bool(item.recipients) for item in waiting] == [True] * count


@pytest.mark.parametrize("count", [1, 3])
def test_assessments_that_are_not_delivered(count, house, django_assert_num_queries):
    round_ = factories.round_of(factories.definition("helse-nord-2025"), at=NOW)
    stage = round_.stages.get(code="community")
    for _number in range(count):
        Assignment.objects.create(
            application=application(house, round_, status=Status.ADMITTED),
            stage=stage,
            assessor=house.member,
            by_seat=True,
            due_date=date(2025, 3, 20),
            assigned_by=house.secretary,
            assigned_at=NOW,
        )
    # Those that are due, and the first that comes later.
    with django_assert_num_queries(2):
        waiting = list(assessments(date(2025, 3, 17)))
    assert [item.recipients for item in waiting] == [(house.member.email,)] * count
