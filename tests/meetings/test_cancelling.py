"""A planned meeting is cancelled: who may, what becomes of its cases, and who is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from evaluation.comments.permissions import can_ask
from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.meetings.permissions import can_cancel
from evaluation.meetings.queries import agenda
from evaluation.meetings.services import cancelling, from_list, live, planning, taking_off
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
REASON = "For få kan møte."
SAID = "Møtet er avlyst."


@worlds.world
def planned(house, now):
    meeting = world.planned(house, now + timedelta(days=14))
    case = world.own_case(house, meeting, now, proposal="1. Utvalget sier ja.")
    return Meeting.objects.get(), case


def cancel(house, meeting, now, **more):
    return cancelling.cancel(meeting, **{"reason": REASON, "by": house.secretary, "at": now, **more})


def url(name, pk):
    return reverse(f"meetings:{name}", args=[pk])


@pytest.mark.parametrize("status", MeetingStatus)
def test_only_those_who_plan_it_cancel_it_and_only_before_it_is_set(house, planned, now, status):
    meeting, _case = planned
    Meeting.objects.update(status=status)
    meeting.refresh_from_db()
    people = {role: person for role, person in vars(house).items() if isinstance(person, User)}
    may = {role for role, person in people.items() if can_cancel(person, meeting, now=now)}
    assert may == ({"secretary", "hospital_secretary"} if status == MeetingStatus.PLANNED else set())
    if status != MeetingStatus.PLANNED:
        with pytest.raises(MeetingError):
            cancel(house, meeting, now)
        meeting.refresh_from_db()
        assert (meeting.status, meeting.cancelled_at) == (status, None)


def test_those_who_were_called_are_told_why_and_their_calendars_too(house, planned, now):
    meeting, _case = planned
    planning.call(meeting, by=house.secretary, at=now)
    cancel(house, meeting, now + timedelta(hours=1))
    called, told = (Message.objects.filter(kind=kind) for kind in ("meeting_call", "meeting_cancelled"))
    assert {mail.recipient for mail in told} == {mail.recipient for mail in called}
    mail = told.get(recipient=house.chair.email)
    assert mail.title.startswith("Avlyst: møte i SSU Troms og Ofoten")
    assert REASON in mail.body_text
    entries = []
    for one in (called.get(recipient=house.chair.email), mail):
        (file,) = one.attachments.all()
        calendar = Calendar.from_ical(file.read())
        (event,) = calendar.walk("VEVENT")
        entries.append((str(calendar["method"]), str(event["status"]), str(event["uid"]), int(event["sequence"])))
        assert event["dtstart"].dt == meeting.starts_at
        assert house.chair.email in str(event["attendee"])
    (asked, confirmed, uid, first), (gone, struck, same, second) = entries
    assert (asked, confirmed, gone, struck) == ("REQUEST", "CONFIRMED", "CANCEL", "CANCELLED")
    assert (uid == same, second > first) == (True, True)
    assert LogEntry.objects.filter(act="meeting.cancelled").count() == 1


def test_nobody_is_told_of_a_meeting_that_nobody_was_called_to(house, planned, now):
    cancel(house, planned[0], now)
    assert not Message.objects.exists()


def test_a_reason_is_needed_and_the_second_press_is_told_that_it_is_done(house, planned, now, sign_in):
    meeting, client = planned[0], sign_in(house.secretary)
    page = client.post(url("cancel", meeting.pk), {"reason": " "})
    assert (page.status_code, Meeting.objects.get().status) == (422, "planned")
    assert SAID in client.post(url("cancel", meeting.pk), {"reason": REASON}, follow=True).text
    again = client.post(url("cancel", meeting.pk), {"reason": "En annen grunn."}, follow=True)
    assert SAID in again.text
    assert Meeting.objects.get().cancelled_why == REASON
    with pytest.raises(MeetingConflictError, match=SAID):
        cancel(house, meeting, now)


def test_it_stays_in_the_lists_with_its_reason_and_leads_nowhere_else(house, planned, now, sign_in):
    meeting, case = planned
    planning.call(meeting, by=house.secretary, at=now)
    cancel(house, meeting, now)
    for person in (house.secretary, house.chair, house.member):
        client = sign_in(person)
        listed = client.get(reverse("meetings:list")).text
        assert ("Avlyst" in listed, REASON in listed, "Ingen møter framover" in listed) == (True, True, True)
        assert client.get(url("room", meeting.pk)).url == url("agenda", meeting.pk)
        page = client.get(url("agenda", meeting.pk)).text
        assert ("er avlyst</h1>" in page, REASON in page) == (True, True)
        acts = (
            "Kall inn",
            "Sett opp saker",
            "Gå til møterommet",
            "Ta av",
            "Endre tid og sted",
            "Velg sekretær",
            "vedtas samlet",
        )
        assert [act for act in acts if act in page] == []
        assert client.get(url("case", case.pk)).status_code == 200
        assert "Gå til møtet" not in client.get("/").text


@pytest.mark.parametrize("page", ["screen", "projector"])
def test_a_screen_that_waits_for_it_is_told(house, planned, now, sign_in, page):
    meeting, _case = planned
    planning.call(meeting, by=house.secretary, at=now)
    client = sign_in(house.member)
    assert "Møtet er avlyst." not in client.get(url(page, meeting.pk)).text
    cancel(house, meeting, now)
    told = client.get(url(page, meeting.pk)).text
    assert ("Møtet er avlyst." in told, "ikke satt ennå" in told, "Til stede" in told) == (True, False, False)


def test_nothing_is_done_in_a_cancelled_meeting(house, planned, now):
    meeting, case = planned
    planning.call(meeting, by=house.secretary, at=now)
    line = meeting.attendances.get(seat__user=house.member)
    cancel(house, meeting, now)
    by = {"by": house.secretary, "at": now}
    for act in (
        lambda: live.open_meeting(meeting, on_day=now.date(), **by),
        lambda: live.apologise(line, **by),
        lambda: live.arrive_all(meeting, **by),
        lambda: live.choose_secretary(meeting, house.secretary, **by),
        lambda: planning.call(meeting, **by),
        lambda: planning.reschedule(meeting, starts_at=now, location="Her", **by),
        lambda: planning.move(case, to=1, **by),
        lambda: planning.write_paper(case, texts={"facts": "Nytt"}, **by),
        lambda: taking_off.take_off(case, reason="Nei", **by),
        lambda: world.own_case(house, meeting, now),
    ):
        with pytest.raises(MeetingError, match=SAID):
            act()
    case = Case.objects.select_related("meeting__body", "body").get()
    assert can_ask(house.secretary, case, now=now).reason.startswith("Møtet er avlyst")


def test_its_cases_wait_and_are_taken_up_with_their_papers(house, planned, now, sign_in):
    meeting, case = planned
    cancel(house, meeting, now)
    assert agenda.postponed_by_body(standing_at(house.secretary, now)) == [("SSU Troms og Ofoten", 1)]
    other = world.planned(house, now + timedelta(days=30))
    client = sign_in(house.secretary)
    page = client.get(url("agenda", other.pk)).text
    assert (case.title in page, "som ble avlyst" in page, "utsatt i møtet" in page) == (True, True, False)
    assert "Ta opp igjen en sak som venter" in client.get("/").text
    client.post(url("take_up_again", other.pk), {"case": case.pk})
    again = other.cases.get()
    assert (again.follows, again.paper.proposal) == (case, "1. Utvalget sier ja.")
    assert agenda.postponed_by_body(standing_at(house.secretary, now)) == []


def test_a_list_is_put_up_again_in_another_meeting(house):
    meeting, cases, at = world.list_meeting(house)
    assert not agenda.lists_ready_for(house.ssu)
    cancel(house, meeting, at)
    (ready,) = agenda.lists_ready_for(house.ssu)
    other = world.planned(house, at + timedelta(days=30))
    again = from_list.add_cases(other, ready, by=house.secretary, at=at)
    assert [case.follows for case in again] == cases
