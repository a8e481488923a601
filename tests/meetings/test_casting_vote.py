"""A tie is decided by who leads the case, in a body whose rules say so."""

import pytest
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.proposed import Proposal
from evaluation.meetings.services import balloting, habilitet
from evaluation.meetings.services.hands import count_hands
from evaluation.meetings.voting import Choice, Hands
from portal.communities.models import Body
from tests.meetings import world

pytestmark = pytest.mark.django_db
TIED = {"chair": "for", "recused_member": "for", "vice_chair": "against", "member": "against"}
TEXT = Proposal("1. SSU godkjenner retningslinjene.")
HANDS = {"municipality": Hands(2), "hospital": Hands(0, 2)}


def in_session(home, at, rule="simple_majority", **body):
    return world.in_session(home, at, rule, **{"chair_breaks_ties": True, **body})


@pytest.mark.parametrize(("is_set", "carries"), [(True, True), (False, False)])
def test_the_vote_of_the_chair_decides_where_the_body_says_so(house, now, is_set, carries):
    _meeting, case = in_session(house, now, chair_breaks_ties=is_set)
    ballot = world.vote(world.ballot_on(house, case, now), now, **TIED, of=house)
    ballot = balloting.close_ballot(ballot, by=house.secretary, at=now)
    assert (ballot.is_carried, "Møteleders stemme avgjorde" in ballot.result["sentence"]) == (carries, carries)
    assert ("Ved stemmelikhet avgjør møteleders stemme." in ballot.rules_text) == is_set


def test_the_vice_chair_decides_where_the_chair_is_inhabil(house, now):
    meeting, case = in_session(house, now)
    assert roll_of(meeting, case).casting_seat == world.line(meeting, house.chair).seat_id
    chair = world.line(meeting, house.chair)
    question = habilitet.raise_question(case, chair, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now)
    habilitet.decide_question(case, question, is_recused=True, reason="Slekt.", by=house.vice_chair, at=now)
    assert roll_of(meeting, case).casting_seat == world.line(meeting, house.vice_chair).seat_id


def test_a_rule_under_which_a_tie_decides_nothing_has_none(house, now):
    meeting, case = in_session(house, now, "double_majority")
    assert roll_of(meeting, case).casting_seat is None


@pytest.mark.parametrize(("casting", "carries"), [(Choice.FOR, True), (Choice.AGAINST, False), (None, False)])
def test_of_a_show_of_hands_it_is_told_how_who_leads_voted(house, now, casting, carries):
    _meeting, case = in_session(house, now)
    ballot = count_hands(case, TEXT, HANDS, casting=casting, by=house.chair, at=now)
    assert ballot.is_carried is carries


def test_what_the_page_tells_counts_only_where_the_body_says_so(house, now):
    _meeting, case = in_session(house, now, chair_breaks_ties=False)
    assert not count_hands(case, TEXT, HANDS, casting=Choice.FOR, by=house.chair, at=now).is_carried


def test_the_page_asks_it(house, now, sign_in, frozen_clock):
    _meeting, case = in_session(house, now)
    frozen_clock.move_to(now)
    client, page = sign_in(house.chair), reverse("meetings:hands", args=[case.pk])
    assert "Hvordan stemte møteleder?" in client.get(page).text
    typed = {"proposal": TEXT.text, "municipality_for": "2", "hospital_for": "0", "hospital_against": "2"}
    told = client.post(page, typed | {"casting": "for"}, follow=True).text
    assert "Vedtatt ved stemmelikhet, 2 mot 2 stemmer. Møteleders stemme avgjorde." in told


def test_the_page_of_the_body_says_it_and_its_form_sets_it(house, sign_in, now, frozen_clock):
    frozen_clock.move_to(now)
    house.ssu.decision_rule = "simple_majority"
    house.ssu.save()
    client, page = sign_in(house.secretary), reverse("portal:body_edit", args=[house.ssu.code])
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    client.post(page, typed | {"chair_breaks_ties": "on"})
    assert Body.objects.get(pk=house.ssu.pk).chair_breaks_ties
    assert "Ved stemmelikhet avgjør møteleders stemme." in client.get(house.ssu.get_absolute_url()).text
