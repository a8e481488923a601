"""After a ballot on another proposal than the paper's, the room shows the one that carried."""

import pytest
from django.urls import reverse

from evaluation.meetings.queries.live import meetings_on_screen, screen
from evaluation.meetings.services import balloting, live, planning
from portal.clock import local_date
from rounds.outcomes import Outcome
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db
OTHER = "1. Strategisk samarbeidsutvalg innvilger delvis søknaden «Prosjekt 1» med 250 000 kr av omsøkte 450 000 kr."


@worlds.world
def carried(house):
    """A meeting in which another amount than the recommended was adopted by ballot, and the time."""
    meeting, cases, at = world.list_meeting(house, count=1)
    planning.call(meeting, by=house.secretary, at=at)
    live.open_meeting(meeting, on_day=local_date(at), by=house.chair, at=at)
    live.arrive_all(meeting, by=house.chair, at=at)
    live.go_to(meeting, cases[0], by=house.chair, at=at)
    ballot = balloting.open_ballot(
        cases[0], proposal=OTHER, outcome=Outcome.PARTLY_GRANTED, amount=250_000, by=house.chair, at=at
    )
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    return meeting, at


def test_the_proposal_that_carried_is_what_the_room_shows_and_counts_with(house, carried, sign_in, frozen_clock):
    meeting, at = carried
    frozen_clock.move_to(at)
    client = sign_in(house.chair)
    seen = screen(meetings_on_screen(house.chair, now=at).get(pk=meeting.pk), house.chair, now=at)
    assert (seen.adopted_ballot, seen.ballot_shown) == (seen.latest_ballot, seen.latest_ballot)
    assert seen.frame_after.left == seen.frame.left - 250_000
    page = client.get(reverse("meetings:room", args=[meeting.pk])).text.replace("\N{NO-BREAK SPACE}", " ")
    proposal = page.split('class="proposal stack"')[1].split("</ul>")[0]
    assert "Forslaget som ble vedtatt i voteringen" in proposal
    assert "250 000 kr av omsøkte 450 000 kr" in proposal
    assert "innvilger 450 000 kr" not in proposal


def test_a_reason_that_must_be_written_is_not_said_to_be_optional(house, carried, sign_in, frozen_clock):
    meeting, at = carried
    frozen_clock.move_to(at)
    page = sign_in(house.chair).get(reverse("meetings:resolve", args=[meeting.cases.first().pk])).text
    label = page.split('for="id_reason"')[1].split("</label>")[0]
    assert "Begrunnelse" in label
    assert "Valgfritt" not in label
