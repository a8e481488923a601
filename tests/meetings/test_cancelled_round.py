"""A cancelled round: nothing more is decided about its list, and nobody has a task of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import CorrectionRequest
from applications.services import cancelling
from evaluation.assessment.models import PriorityList
from evaluation.assessment.services import declaring
from evaluation.decisions.services import deciding
from evaluation.meetings.models import Case, CaseStatus, Meeting
from evaluation.meetings.queries.agenda import lists_ready_for, postponed_in
from evaluation.meetings.services import balloting, from_list, live, minutes, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.communities.models import User
from portal.rooms import tasks_of
from rounds.models import Round
from tests.applications import world as applications_world
from tests.assessment import world as assessments
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D3")]
WHY = "Bevilgningen falt bort."
WORDS = {"text": "1. SSU fordeler midlene.", "reason": "Bra."}


def cancel(house, at):
    Round.objects.update(locked_at=at)
    cancelling.cancel_round(Round.objects.get(), reason=WHY, by=house.regional_secretary, at=at)


@worlds.world
def going_on(house):
    """An open meeting on the allocation of a list, whose applications are postponed; the case and the time."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    for case in cases[:-1]:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.postpone(case, reason="Venter.", by=house.chair, at=at)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    return cases[-1], at


def test_its_allocation_is_only_noted_or_postponed(house, going_on, frozen_clock, sign_in):
    case, at = going_on
    frozen_clock.move_to(at)
    cancel(house, at)
    by = {"by": house.chair, "at": at}
    for act in (
        lambda: resolving.adopt_agreed(case, **WORDS, **by),
        lambda: resolving.adopt_as_proposed(case, **by),
        lambda: balloting.open_ballot(case, proposal=WORDS["text"], **by),
    ):
        with pytest.raises(MeetingError, match=r"Utlysningen er trukket\. Avslutt saken uten vedtak"):
            act()
    client, address = sign_in(house.chair), reverse("meetings:note", args=[case.pk])
    page = client.get(reverse("meetings:room", args=[case.meeting_id])).content.decode()
    assert ("Utlysningen er trukket." in page, address in page, 'id="open-ballot"' in page) == (True, True, False)
    text = client.get(address).context["form"].initial["text"]
    assert text == "Utlysningen er trukket. Saken avsluttes uten vedtak."
    assert client.post(address, {"text": text}).status_code == 302
    assert Case.objects.get(pk=case.pk).status == CaseStatus.NOTED


def test_a_ballot_that_carried_before_is_not_adopted(house, going_on):
    case, at = going_on
    proposal = from_list.rewrite_allocation(case, by=house.chair, at=at).proposal
    ballot = world.ballot_on(house, case, at, proposal=proposal)
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    cancel(house, at)
    with pytest.raises(MeetingError, match="Utlysningen er trukket"):
        resolving.adopt_ballot(ballot, reason="Bra.", by=house.chair, at=at)
    assert resolving.postpone(case, reason="Trukket.", by=house.chair, at=at).outcome == ""


def test_what_was_postponed_is_not_taken_up_and_the_list_not_put_up(house, going_on):
    case, at = going_on
    resolving.postpone(case, reason="Venter.", by=house.chair, at=at)
    later, priority_list = world.planned(house, at), PriorityList.objects.get()
    assert (postponed_in(house.ssu).count(), list(lists_ready_for(house.ssu))) == (3, [priority_list])
    cancel(house, at)
    assert (postponed_in(house.ssu).count(), list(lists_ready_for(house.ssu))) == (0, [])
    with pytest.raises(MeetingError, match="Saken tas ikke opp igjen"):
        planning.take_up_again(Case.objects.get(pk=case.pk), later, by=house.secretary, at=at)
    with pytest.raises(MeetingError, match="Listen settes ikke opp"):
        from_list.add_cases(later, priority_list, by=house.secretary, at=at)
    assert not later.cases.exists()


# --- the tasks -----------------------------------------------------------------------------------


def in_assessment(house):
    """One to check, one to correct, one given out, one not, a question of habilitet, and a draft."""
    of_round = applications_world.real_round("troms-ofoten-2024")
    at = applications_world.open_moment(of_round)
    applications_world.whole(house, of_round, at=at, signed=False, title="Utkast", signing_asked_at=at)
    assessments.sent(house, of_round, at, status="submitted")
    late = assessments.sent(house, of_round, at, status="correction")
    words = {"reason": "Mangler.", "sections": [], "requested_by": house.secretary, "requested_at": at}
    CorrectionRequest.objects.create(application=late, due_at=at, **words)
    given, asked, _free = (assessments.sent(house, of_round, at) for _each in range(3))
    assessments.assign(given, assessments.turn(of_round, None, house.community), house.assessor, house.secretary, at)
    declaring.declare(asked, has_tie=True, ground="friend", explanation="Venn.", by=house.member, at=at)
    return at


def locked(house):
    return world.deciding_list(house)[1]


def planned(house):
    return world.list_meeting(house)[2]


def postponed(house, *, is_registered=False):
    meeting, _cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone_rest(meeting, reason="Tida.", by=house.chair, at=at)
    minutes.adopt(live.close_meeting(meeting, by=house.chair, at=at), by=house.chair, at=at)
    if is_registered:
        deciding.decide_from_minutes(Meeting.objects.get(pk=meeting.pk), by=house.secretary, at=at)
    return at


def registered(house):
    return postponed(house, is_registered=True)


def tasks(now):
    """The tasks on the front page of everybody, by the list and what they say."""
    people = User.objects.filter(is_active=True)
    return {(part.key, task.title) for one in people for part, items in tasks_of(one, now) for task in items}


@pytest.mark.parametrize(
    ("begin", "lists"),
    [
        (in_assessment, {"drafts", "signatures", "assessment"}),
        (locked, {"lists"}),
        (planned, {"meetings"}),
        (postponed, {"minutes", "postponed"}),
        (registered, {"letters", "postponed"}),
    ],
)
def test_nobody_has_a_task_of_it(house, begin, lists):
    at = begin(house)
    before = tasks(at)
    assert {code for code, _title in before} == lists
    cancel(house, at)
    assert tasks(at + timedelta(minutes=1)) == set()


def test_a_meeting_that_has_another_case_too_is_called(house):
    meeting, _cases, at = world.list_meeting(house)
    world.own_case(house, meeting, at)
    before = tasks(at)
    cancel(house, at)
    assert (tasks(at), {code for code, _title in before}) == (before, {"meetings"})
