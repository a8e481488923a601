"""A meeting is cancelled beside what else is done with it: one is first, and the other is told so."""

from datetime import timedelta

import pytest
from django.db import connection

from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import cancelling, live, planning
from evaluation.raised import services as raised_cases
from evaluation.raised.models import RaisedCase
from portal.clock import local_date
from portal.mail.models import Message
from tests import world as base
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world
from tests.raised import world as raised_world
from tests.world import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


class Called:
    """A meeting that is called, and a raised case that waits; what may be done beside the cancelling."""

    def __init__(self):
        self.house = base.house()
        self.meeting = world.planned(self.house, NOW + timedelta(days=9))
        world.own_case(self.house, self.meeting, NOW)
        planning.call(self.meeting, by=self.house.secretary, at=NOW)
        self.raised = raised_world.raised(self.house, NOW)

    def cancel(self):
        cancelling.cancel(self.meeting, reason="For få kan møte.", by=self.house.secretary, at=NOW)

    def open(self):
        live.open_meeting(self.meeting, on_day=local_date(NOW), by=self.house.chair, at=NOW)

    def put_up(self):
        raised_cases.put_up(self.raised, self.meeting, by=self.house.hospital_secretary, at=NOW)


def a_called_meeting():
    return images.world("a called meeting and a raised case", Called)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_meeting_is_either_opened_or_cancelled(moment):
    called = a_called_meeting()
    assert interleave(called.cancel, called.open, moment) == ("done", "MeetingConflictError")
    assert Meeting.objects.get().status == "cancelled"


@pytest.mark.parametrize("moment", MOMENTS)
def test_two_cancel_it_once(moment):
    called = a_called_meeting()
    assert interleave(called.cancel, called.cancel, moment) == ("done", "MeetingConflictError")
    addresses = list(Message.objects.filter(kind="meeting_cancelled").values_list("recipient", flat=True))
    assert len(addresses) == len(set(addresses)) > 1


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_put_up_in_a_meeting_that_is_cancelled(moment):
    called = a_called_meeting()
    assert interleave(called.cancel, called.put_up, moment) == ("done", "RaisedError")
    assert (RaisedCase.objects.get().case, Case.objects.count()) == (None, 1)


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_raised_a_case_that_was_put_up_just_before_is_told(moment):
    called = a_called_meeting()
    assert interleave(called.put_up, called.cancel, moment) == ("done", "done")
    assert Message.objects.filter(kind="raised_case_cancelled").count() == 1
