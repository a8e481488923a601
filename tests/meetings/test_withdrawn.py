"""An application on the list is withdrawn before or in the meeting: nothing is decided about it, and the case ends."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import submitting
from evaluation.meetings.models import Case, CaseStatus, Meeting
from evaluation.meetings.queries.agenda import postponed_in
from evaluation.meetings.services import balloting, from_list, live, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db
YES = {"outcome": "granted", "amount": 450_000}
TEXT = "1. SSU innvilger 450 000 kr."


@worlds.world
def going_on(house):
    """A meeting that is on the first of two applications of a list, its cases in order, and the time."""
    meeting, cases, at = world.list_meeting(house)
    return world.opened(house, meeting, at, *world.everybody(house)), cases, at


def withdraw(house, case, at):
    submitting.withdraw(Application.objects.get(pk=case.application_id), by=house.applicant, at=at)


def test_nothing_is_decided_about_a_withdrawn_application(house, going_on):
    _meeting, cases, at = going_on
    ballot = world.ballot_on(house, cases[0], at, proposal=TEXT, **YES)
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    withdraw(house, cases[0], at)
    by = {"by": house.chair, "at": at}
    for act in (
        lambda: resolving.adopt_ballot(ballot, reason="Bra.", **by),
        lambda: resolving.adopt_agreed(cases[0], text=TEXT, reason="Bra.", **YES, **by),
        lambda: balloting.open_ballot(cases[0], proposal=TEXT, **YES, **by),
    ):
        with pytest.raises(MeetingError, match="Søknaden er trukket. Avslutt saken uten vedtak"):  # noqa: RUF043
            act()
    assert Case.objects.get(pk=cases[0].pk).status == CaseStatus.PREPARED


def test_the_case_ends_without_a_resolution_about_the_application(house, going_on, frozen_clock, sign_in):
    meeting, cases, at = going_on
    frozen_clock.move_to(at)
    withdraw(house, cases[0], at)
    client, address = sign_in(house.chair), reverse("meetings:note", args=[cases[0].pk])
    page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert ("Søknaden er trukket." in page, address in page, 'id="open-ballot"' in page) == (True, True, False)
    text = client.get(address).context["form"].initial["text"]
    assert text == "Søknaden er trukket. Saken avsluttes uten vedtak."
    assert client.post(address, {"text": text}).status_code == 302
    case = Case.objects.get(pk=cases[0].pk)
    assert (case.status, case.resolution.outcome, case.resolution.amount) == (CaseStatus.NOTED, "", None)
    # The allocation and the end of the meeting wait for nothing more than the other cases.
    resolving.postpone_rest(Meeting.objects.get(pk=meeting.pk), reason="Tida.", by=house.chair, at=at)
    assert live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.chair, at=at)


def test_another_decision_is_not_ended_without_being_decided(house, going_on):
    _meeting, cases, at = going_on
    with pytest.raises(MeetingError, match="er en beslutningssak"):
        resolving.note(cases[0], text="Slutt.", by=house.chair, at=at)
    assert Case.objects.get(pk=cases[0].pk).status == CaseStatus.PREPARED


def test_a_postponed_case_is_not_taken_up_when_the_application_is_withdrawn(house, going_on):
    meeting, cases, at = going_on
    resolving.postpone_rest(meeting, reason="Tida.", by=house.chair, at=at)
    withdraw(house, cases[0], at)
    later = world.planned(house, at)
    assert cases[0].title not in postponed_in(house.ssu).values_list("title", flat=True)
    with pytest.raises(MeetingError, match="Saken tas ikke opp igjen"):
        planning.take_up_again(Case.objects.get(pk=cases[0].pk), later, by=house.secretary, at=at)
    assert not later.cases.exists()


def test_a_withdrawn_application_is_not_put_up(house):
    priority_list, at = world.deciding_list(house)
    gone, left = Application.objects.order_by("pk")
    submitting.withdraw(gone, by=house.applicant, at=at)
    cases = from_list.add_cases(world.planned(house, at), priority_list, by=house.secretary, at=at)
    assert [case.application_id for case in cases] == [left.pk, None]
