"""Those who raised a case know in which meeting it comes up: they are told when it is moved, cancelled or another."""

from datetime import timedelta

import pytest

from evaluation.actions.queries.owners import Owner
from evaluation.meetings.services import cancelling, planning
from evaluation.raised import services
from evaluation.raised.models import RaisedCase
from portal.formats import datetime_no
from portal.mail.models import Message
from tests.meetings import world as meetings
from tests.raised import world as raised_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def put_up(house, raised, now):
    meeting = meetings.planned(house, now + timedelta(days=20))
    case = services.put_up(raised, meeting, by=house.secretary, at=now)
    Message.objects.all().delete()
    return meeting, case


def told():
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


def test_they_are_told_when_the_meeting_is_moved(house, put_up, now):
    meeting, _case = put_up
    was, to, by = meeting.starts_at, meeting.starts_at + timedelta(days=3), {"by": house.secretary, "at": now}
    planning.reschedule(meeting, starts_at=was, location="Et annet rom", **by)
    assert told() == []
    planning.reschedule(meeting, starts_at=to, location="Et annet rom", **by)
    assert told() == [("raised_case_moved", house.co_applicant.email)]
    assert f"flyttet fra {datetime_no(was)} til {datetime_no(to)}." in Message.objects.get().body_text


def test_they_are_told_when_it_is_cancelled_and_where_the_case_is_taken_up(house, raised, put_up, now, sign_in):
    meeting, case = put_up
    cancelling.cancel(meeting, reason="For få kan møte.", by=house.secretary, at=now)
    assert told() == [("raised_case_cancelled", house.co_applicant.email)]
    assert "For få kan møte." in Message.objects.get().body_text
    assert ", avlyst" in sign_in(house.co_applicant).get(raised.get_absolute_url()).text
    other = meetings.planned(house, now + timedelta(days=30))
    case.refresh_from_db()
    again = planning.take_up_again(case, other, by=house.secretary, at=now)
    assert told()[1:] == [("raised_case_put_up", house.co_applicant.email)]
    assert RaisedCase.objects.get().case == again
    page = sign_in(house.co_applicant).get(raised.get_absolute_url()).text
    assert (f"Sak {again.reference}" in page, ", avlyst" in page) == (True, False)


@pytest.mark.parametrize(
    ("role", "is_called", "leads"), [("member", False, False), ("member", True, True), ("chair", False, True)]
)
def test_the_way_to_the_case_is_there_for_who_can_open_it(house, now, sign_in, role, is_called, leads):
    raiser = getattr(house, role)
    of_ssu = raised_world.raised(house, now, by=raiser, sender=Owner("body", house.ssu.pk))
    meeting = meetings.planned(house, now + timedelta(days=20))
    case = services.put_up(of_ssu, meeting, by=house.secretary, at=now)
    if is_called:
        planning.call(meeting, by=house.secretary, at=now)
    client = sign_in(raiser)
    assert (case.get_absolute_url() in client.get(of_ssu.get_absolute_url()).text) is leads
    assert (client.get(case.get_absolute_url()).status_code == 200) is leads
