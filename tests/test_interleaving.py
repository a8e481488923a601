"""Acts on many applications beside acts on one of them, in the worst order: never a deadlock, never a 500."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.services import submitting
from evaluation.assessment.services import forwarding, freezing, prioritising
from evaluation.decisions.models import Letter
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Choice, Meeting
from evaluation.meetings.services import balloting
from portal.documents.services import make_pdf
from portal.journal import services as journal
from tests import world as base
from tests.applications import world as applications
from tests.assessment import world as assessment
from tests.decisions import world as decisions
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world as meetings
from tests.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class World:
    """One house in which every act of the table can be done."""

    def __init__(self, acts):
        self.house = house = base.house()
        self.round = applications.real_round("helse-nord-2025")
        self.at = self.round.closes_at + timedelta(hours=9)
        self.turn = assessment.turn(self.round, "community", house.community)
        if {"freeze", "forward"} & acts:
            self.listed = [assessment.sent(house, self.round, self.at) for _number in range(2)]
            prioritising.set_up(self.turn, by=house.secretary, at=self.at)
            for application in self.listed:
                assessment.recommend(self.turn, application, house.secretary, self.at)
            assessment.do_tasks(self.turn, house.secretary, self.at)
        if "forward" in acts:
            freezing.freeze(self.turn, by=house.secretary, at=self.at)
        if {"decide", "send"} & acts:
            granted = [("granted", 1_000_000)] * 2
            self.adopted = decisions.adopted(house, granted)
            self.listed = self.adopted.applications
        if "send" in acts:
            for decision in decide_from_minutes(self.adopted.meeting, by=house.secretary, at=NOW):
                letter = letters.prepare(decision, by=house.secretary, at=NOW)
                decisions.approve(letter, by=house.hospital_secretary)
                make_pdf(document_id=letter.document_id, at=NOW)
        if "submit" in acts:
            self.draft = applications.whole(house, self.round)
        if "vote" in acts:
            _meeting, case = meetings.in_session(house, NOW)
            self.ballot = meetings.ballot_on(house, case, NOW)

    # --- on many ------------------------------------------------------------------------------------

    def freeze(self):
        freezing.freeze(self.turn, by=self.house.secretary, at=self.at)

    def forward(self):
        forwarding.forward(self.turn, by=self.house.secretary, at=self.at)

    def decide(self):
        meeting = Meeting.objects.get(pk=self.adopted.meeting.pk)
        decide_from_minutes(meeting, by=self.house.secretary, at=NOW)

    def send(self):
        for letter in Letter.objects.order_by("pk"):
            letters.send(letter, by=self.house.secretary, at=NOW)

    # --- on one --------------------------------------------------------------------------------------

    def withdraw(self):
        last = Application.objects.get(pk=self.listed[-1].pk)
        submitting.withdraw(last, by=self.house.applicant, at=self.at)

    def submit(self):
        submitting.submit(self.draft, by=self.house.applicant, at=applications.open_moment(self.round))

    def vote(self):
        balloting.cast(self.ballot, choice=Choice.FOR, by=self.house.member, at=NOW)


def world_of(acts):
    """A world for the acts; those on one application can be done in every one, so that fewer are built."""
    acts = frozenset(acts) | {"submit", "vote"}
    return images.world(("interleaving", acts - {"withdraw"}), lambda: World(acts))


MANY = ("freeze", "forward", "decide", "send")
ONE = ("withdraw", "submit", "vote")
# A list is forwarded after it is frozen, so the two never meet with work left for both.
PAIRS = [(many, one) for many in MANY for one in ONE] + [
    (first, second) for first in MANY for second in MANY if {first, second} != {"freeze", "forward"}
]
# What an act says when the other was first. A submission and a vote are nobody's rivals.
REFUSALS = {
    "freeze": {"FrozenListError", "NotReadyError"},
    "forward": {"AlreadyForwardedError"},
    # What is withdrawn meanwhile is left out.
    "decide": set(),
    "send": {"LetterStateError"},
    "withdraw": {"TransitionError"},
    "submit": set(),
    "vote": set(),
}

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@on_postgresql
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_is_done_and_the_other_is_done_or_told_why(first, second, moment):
    world = world_of({first, second})
    results = interleave(getattr(world, first), getattr(world, second), moment)
    assert "done" in results
    assert results[0] in {"done", *REFUSALS[first]}
    assert results[1] in {"done", *REFUSALS[second]}
    assert journal.verify() is None


@on_postgresql
@pytest.mark.parametrize("moment", MOMENTS)
def test_page_that_takes_an_application_back_answers_with_a_sentence(moment):
    world = world_of({"forward"})
    client = Client(raise_request_exception=False)
    client.force_login(world.house.applicant)
    address = reverse("applications:withdraw", args=[world.listed[-1].code])
    results = interleave(world.forward, lambda: f"{client.post(address).status_code}", moment)
    # 302 with the sentence or the receipt; 403 when the page sees that it is too late.
    assert results[0] == "done"
    assert results[1] in {"302", "403"}
