"""What the members are not told after the call: a next step, and a task, for who plans the meeting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings import waiting
from evaluation.meetings.models import CaseKind, Meeting
from evaluation.meetings.queries.agenda import SinceCall
from evaluation.meetings.services import live, planning, resolving, taking_off
from evaluation.meetings.since_call import changes_in_words
from portal.communities.models import Side
from portal.mail.models import Message
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

AGAIN = "Kall inn på nytt, så medlemmene får vite det."


@worlds.world
def meeting(house, now):
    """A meeting in forty days with two cases, to which the members are called."""
    meeting = world.planned(house, now)
    for number in (1, 2):
        world.own_case(house, meeting, now, title=f"Sak {number}")
    how = {"by": house.secretary, "at": now}
    planning.reschedule(meeting, starts_at=now + timedelta(days=40), location="Teams", **how)
    return planning.call(meeting, **how)


@pytest.fixture
def step(house, meeting, sign_in):
    """The next step of the agenda, for the secretary or another."""

    def step(person=None):
        client = sign_in(person or house.secretary)
        return client.get(reverse("meetings:agenda", args=[meeting.pk])).context["step"]

    return step


def tasks(person, now):
    return [task.title for task in waiting.meetings(person, now)]


def again(house):
    return [f"Kall inn på nytt til møte i {house.ssu.name}"]


def call(house, meeting, at):
    return planning.call(Meeting.objects.get(pk=meeting.pk), by=house.secretary, at=at)


def test_cases_that_are_put_up_after_the_call_lead_to_calling_again(house, now, meeting, step, frozen_clock):
    assert step().title == "Møtet er kalt inn"
    later = now + timedelta(hours=1)
    for number, title in ((1, "En sak er satt opp etter innkallingen"), (2, "To saker er satt opp etter innkallingen")):
        planning.add_case(meeting, kind=CaseKind.DECISION, title=f"Ny {number}", by=house.secretary, at=later)
        told = step()
        assert (told.title, told.act, told.url) == (
            title,
            "Kall inn på nytt",
            reverse("meetings:call", args=[meeting.pk]),
        )
        assert tasks(house.secretary, now) == again(house)
    assert step(house.chair).title == "Møtet er kalt inn"
    call(house, meeting, later)
    assert (step().title, tasks(house.secretary, now)) == ("Møtet er kalt inn", [])
    planning.add_case(meeting, kind=CaseKind.DECISION, title="Ny 3", by=house.secretary, at=later + timedelta(hours=1))
    frozen_clock.move_to(meeting.starts_at)
    assert step().act == "Gå til møterommet"


def test_a_case_that_is_taken_off_is_told_of_until_the_members_are_called_again(house, now, meeting, step, sign_in):
    """Only who took it off was told, in a message that was gone with the next page."""
    first, client = meeting.cases.get(title="Sak 1"), sign_in(house.secretary)
    url = reverse("meetings:take_off", args=[first.pk])
    assert "Medlemmene får vite det når dere kaller inn på nytt." in client.get(url).text
    assert AGAIN in client.post(url, {"reason": "Trukket."}, follow=True).text
    told = step()
    assert (told.title, told.text, told.act) == ("En sak er tatt av etter innkallingen", AGAIN, "Kall inn på nytt")
    # Only who plans the meeting calls again; a member reads the agenda as it is.
    assert [tasks(person, now) for person in (house.secretary, house.chair)] == [again(house), []]
    later = now + timedelta(minutes=10)
    call(house, meeting, later)
    assert (step().title, tasks(house.secretary, now)) == ("Møtet er kalt inn", [])
    mail = Message.objects.filter(kind="meeting_call", recipient=house.chair.email).order_by("pk").last()
    assert f"Tatt av sakslisten siden forrige innkalling: sak {first.reference}\n" in mail.body_text
    # What was put up after the call and taken off again, nobody was told of.
    how = {"by": house.secretary, "at": later + timedelta(hours=1)}
    extra = planning.add_case(meeting, kind=CaseKind.DECISION, title="Ekstra", **how)
    taking_off.take_off(extra, reason="Ikke klar.", **how)
    assert tasks(house.secretary, now) == []


def test_a_meeting_that_is_moved_is_called_again_also_on_its_new_day(house, now, meeting, step, sign_in):
    client, url = sign_in(house.secretary), reverse("meetings:reschedule", args=[meeting.pk])
    shown = client.get(url).context["form"].initial["shown"]
    sent = {"starts_at_0": "10.2.2025", "starts_at_1": "16.00", "location": "Bodø", "shown": shown}
    assert f"Tid og sted er endret. {AGAIN}" in client.post(url, sent, follow=True).text
    assert step().title == "Tid eller sted er endret etter innkallingen"
    assert tasks(house.secretary, now) == again(house)
    call(house, meeting, now + timedelta(minutes=10))
    assert step().title == "Møtet er kalt inn"


def test_a_member_who_has_got_a_seat_after_the_call_is_not_called(house, now, meeting, step):
    seat = factories.seat(house.ssu, house.nobody, side=Side.HOSPITAL)
    type(seat).objects.filter(pk=seat.pk).update(given_at=now + timedelta(hours=1))
    assert step().title == "Ett medlem kom til etter innkallingen"
    assert tasks(house.secretary, now) == again(house)


def test_each_change_has_its_sentence():
    assert changes_in_words(SinceCall()) == []
    assert changes_in_words(SinceCall(is_moved=True, put_up=2, gone=1, seats=3)) == [
        "Tid eller sted er endret etter innkallingen",
        "To saker er satt opp etter innkallingen",
        "En sak er tatt av etter innkallingen",
        "Tre medlemmer kom til etter innkallingen",
    ]


def test_a_postponed_case_is_a_task_until_it_is_taken_up_again(house, now, frozen_clock):
    """It was offered on the agenda of the next meeting alone, so that nobody was led to plan one."""
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now, title="Utsettes")
    meeting = world.opened(house, meeting, now, *world.everybody(house))
    case = meeting.cases.get()
    live.go_to(meeting, case, by=house.chair, at=now)
    resolving.postpone(case, reason="Mangler tall.", by=house.chair, at=now)
    assert waiting.postponed(house.secretary, now) == []
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.chair, at=now)
    (task,) = waiting.postponed(house.secretary, now)
    assert (task.title, task.hint) == ("Ta opp igjen en sak som venter", house.ssu.name)
    for person in (house.chair, house.far_secretary, house.nobody):
        assert waiting.postponed(person, now) == []
    planning.take_up_again(case, world.planned(house, now), by=house.secretary, at=now)
    assert waiting.postponed(house.secretary, now) == []
