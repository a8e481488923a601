"""A show of hands is entered by who leads the case, and is a ballot like any other."""

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.models import Ballot
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.proposed import Proposal, objectors
from evaluation.meetings.services import habilitet, live, resolving
from evaluation.meetings.services.hands import count_hands
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from evaluation.meetings.voting import Choice, Hands
from portal.journal import services as journal
from tests import world as base
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
TEXT = Proposal("1. SSU godkjenner retningslinjene.")


def hands(municipality, hospital):
    return {"municipality": Hands(*municipality), "hospital": Hands(*hospital)}


def seat(meeting, person):
    return world.line(meeting, person).seat_id


def refused(case, at, by, counted=((2,), (2,)), **options):
    with pytest.raises(MeetingError) as refusal:
        count_hands(case, TEXT, hands(*counted), **options, by=by, at=at)
    return str(refusal.value)


def test_a_show_of_hands_is_a_closed_ballot_that_can_be_adopted(house, now):
    meeting, case = world.in_session(house, now, "simple_majority")
    named = {seat(meeting, house.member): Choice.AGAINST}
    ballot = count_hands(case, TEXT, hands((2,), (1, 1)), named=named, by=house.chair, at=now)
    assert (ballot.status, ballot.is_carried, ballot.is_by_hands, ballot.votes.count()) == ("closed", True, True, 0)
    resolution = resolving.adopt_as_proposed(case, by=house.chair, at=now)
    assert resolution.manner == (
        "Vedtatt med 3 mot 1 stemme. Kommunesiden: 2 for, 0 mot. Helseforetakssiden: 1 for, 1 mot. "
        "Stemmene ble talt ved håndsopprekning."
    )
    (told,) = minutes_content(meeting, "")["cases"][0]["ballots"]
    # Nobody else is named: not as one who did not vote either.
    assert (told["votes"]["mot"], told["silent"], told["sentence"]) == ([str(house.member)], [], resolution.manner)


def test_an_objection_that_is_withdrawn_names_who_did_it_when_not_all_were_named(house, now):
    meeting, case = world.in_session(house, now)
    ballot = count_hands(case, TEXT, hands((1, 1), (2,)), by=house.chair, at=now)
    assert (ballot.is_carried, objectors(ballot)) == (False, [])
    resolution = resolving.adopt_ballot(ballot, withdrawn_by=["Kari"], by=house.chair, at=now)
    assert resolution.manner.startswith("Innvendingen fra Kari ble trukket.")
    assert meeting.cases.get().is_settled


def test_more_hands_than_voters_are_refused_on_the_side_that_has_them(house, now):
    meeting, case = world.in_session(house, now)
    recused = world.line(meeting, house.recused_member)
    question = habilitet.raise_question(
        case, recused, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now
    )
    assert "Avgjør habiliteten" in refused(case, now, house.chair)
    habilitet.decide_question(case, question, is_recused=True, reason="Slekt.", by=house.chair, at=now)
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    said = "Det er ført 2 hender på {}, og der kan 1 stemme. Tell på nytt."
    assert refused(case, now, house.chair, ((2,), (1,))) == said.format("kommunesiden")
    assert refused(case, now, house.chair, ((1,), (1, 1))) == said.format("helseforetakssiden")
    gone = {seat(meeting, house.member): Choice.AGAINST}
    assert "Bare de som er til stede og habile" in refused(case, now, house.chair, ((1,), (0, 1)), named=gone)
    assert not Ballot.objects.exists()


def test_more_names_than_hands_are_refused(house, now):
    meeting, case = world.in_session(house, now)
    named = {seat(meeting, house.member): Choice.AGAINST}
    assert refused(case, now, house.chair, named=named) == "På helseforetakssiden er det ført flere navn enn hender."


def test_a_body_that_keeps_no_names_names_nobody(house, now):
    meeting, case = world.in_session(house, now, members_see_votes=False)
    named = {seat(meeting, house.member): Choice.AGAINST}
    ballot = count_hands(case, TEXT, hands((2,), (1, 1)), named=named, by=house.chair, at=now)
    assert ballot.told_voters == []


def test_a_ballot_held_since_or_open_is_not_passed_over(house, now):
    _meeting, case = world.in_session(house, now)
    count_hands(case, TEXT, hands((2,), (1, 1)), by=house.chair, at=now)
    assert "Det er holdt en ny votering" in refused(case, now, house.chair)
    first = Ballot.objects.get()
    world.ballot_on(house, case, now)
    assert "Lukk voteringen" in refused(case, now, house.chair, after=first.pk)


def test_who_is_out_of_the_case_counts_nothing(house, now):
    meeting, case = world.in_session(house, now)
    chair = world.line(meeting, house.chair)
    habilitet.raise_question(case, chair, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now)
    assert "Før det er avgjort" in refused(case, now, house.chair)


def test_the_chair_enters_it_on_the_page(house, now, sign_in, frozen_clock):
    meeting, case = world.in_session(house, now)
    frozen_clock.move_to(now)
    client, page = sign_in(house.chair), reverse("meetings:hands", args=[case.pk])
    text = client.get(page).content.decode()
    assert "Kommunesiden: støtter forslaget" in text
    assert "2 kan stemme." in text
    typed = {"proposal": TEXT.text, "municipality_for": "3", "hospital_for": "2"}
    answer = client.post(page, typed)
    assert (answer.status_code, "Tell på nytt" in answer.content.decode()) == (422, True)
    twice = {"named_against": seat(meeting, house.member), "named_abstain": seat(meeting, house.member)}
    typed |= {"municipality_for": "2", "hospital_for": "1", "hospital_against": "1"}
    assert "både stemme mot og avstå" in client.post(page, typed | twice).content.decode()
    told = client.post(page, typed | {"named_against": seat(meeting, house.member)}, follow=True).content.decode()
    assert "Håndsopprekningen er ført inn." in told
    assert "Stemmene ble talt ved håndsopprekning." in told
    assert sign_in(house.member).get(page).status_code == 403


class InSession:
    """A case in hand, and two who count its hands at one time."""

    def __init__(self):
        self.house = base.house()
        self.meeting, self.case = world.in_session(self.house, NOW)

    def count(self):
        count_hands(self.case, TEXT, hands((2,), (2,)), by=self.house.chair, at=NOW)


@pytest.mark.slow
@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_of_two_who_count_at_once_one_does(moment):
    setting = images.world("a case in hand", InSession)
    ends = interleave(setting.count, setting.count, moment)
    assert (ends, Ballot.objects.count()) == (("done", MeetingConflictError.__name__), 1)
    assert journal.verify() is None
