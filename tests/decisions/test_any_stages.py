"""Rounds with any stages, each handled from the first check to the letter by the persons whose work it is.

Everything is pressed in the pages, and each person is led to it from the front page.
"""

from html import unescape

import pytest
import time_machine
from django.urls import reverse

from evaluation.decisions.models import Decision
from portal.mail.models import Message
from tests import calls, factories
from tests.decisions.walk import Walk
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]


@pytest.fixture
def walk(house, frozen_clock):
    def begin(spec):
        return Walk(house, frozen_clock, factories.round_of(spec))

    return begin


def test_one_stage_at_a_regional_body_alone(walk, house):
    boss = house.regional_secretary
    way = walk(calls.regional_alone())
    way.send()
    way.nothing_for(house.secretary, house.far_secretary)
    assert way.entries() == [("committee", None, "received")]
    way.check(boss)
    way.assess(boss, [house.committee_member], "Fordel 1 søknad til vurdering")
    way.lock(boss)
    assert way.entries() == [("committee", None, "prioritised")]
    way.meet(boss, house.committee_chair, house.committee)
    way.tell(boss, house.committee)
    assert way.entries() == [("committee", None, "decided")]
    way.nothing_for(house.secretary, house.far_secretary)


# The round with three bodies has two of one helsefellesskap too, and a journey walks this one in the browser.
@pytest.mark.release
def test_two_bodies_of_one_helsefellesskap_in_a_row(walk, house):
    way = walk(calls.two_bodies())
    officer = house.secretary
    way.send()
    way.check(officer)
    way.assess(officer, [house.fsu_leader], "Fordel 1 søknad til vurdering")
    way.lock(officer)
    way.forward(officer, house.ssu)
    assert way.entries() == [("experts", "troms-ofoten", "forwarded"), ("board", "troms-ofoten", "in_work")]
    way.nothing_for(house.regional_secretary, house.far_secretary)
    way.assess(officer, [house.vice_chair], "Fordel 1 oversendt søknad til vurdering")
    way.lock(officer)
    way.meet(officer, house.chair, house.ssu)
    way.tell(officer, house.ssu)
    assert way.entries() == [("experts", "troms-ofoten", "forwarded"), ("board", "troms-ofoten", "decided")]
    way.nothing_for(house.regional_secretary, house.far_secretary)


def test_three_bodies_in_a_row_the_last_one_regional(walk, house):
    way = walk(calls.three_bodies())
    officer, boss = house.secretary, house.regional_secretary
    way.send()
    way.check(officer)
    way.assess(officer, [house.fsu_leader], "Fordel 1 søknad til vurdering")
    way.lock(officer)
    way.forward(officer, house.ssu)
    way.nothing_for(boss, house.far_secretary)
    way.assess(officer, [house.vice_chair], "Fordel 1 oversendt søknad til vurdering")
    way.lock(officer)
    way.forward(officer, house.committee)
    assert not any(word in " ".join(way.tasks(officer)) for word in ("Fordel", "Oversend", "Sett opp"))
    # The committee has a checklist of its own.
    way.check(boss)
    way.assess(boss, [house.committee_member], "Fordel 1 oversendt søknad til vurdering")
    way.lock(boss)
    way.meet(boss, house.committee_chair, house.committee)
    way.tell(boss, house.committee)
    assert way.entries() == [
        ("experts", "troms-ofoten", "forwarded"),
        ("board", "troms-ofoten", "forwarded"),
        ("committee", None, "decided"),
    ]
    assert Message.objects.filter(kind="package_forwarded").values_list("recipient", flat=True).order_by("pk")


@worlds.world
def forwarded(house):
    """A round whose second stage has rules of its own, and an application that has come to that stage."""
    with time_machine.travel(NOW, tick=False) as clock:
        way = Walk(house, clock, factories.round_of(calls.second_stage_of_its_own()))
        way.send()
        way.check(house.secretary)
        way.assess(house.secretary, [house.fsu_leader], "Fordel 1 søknad til vurdering")
        way.lock(house.secretary)
        way.forward(house.secretary, house.ssu)
    return way.round, way.application


@pytest.fixture
def second(house, forwarded, frozen_clock):
    """The way of that application, at the second stage."""
    way = Walk(house, frozen_clock, *forwarded)
    frozen_clock.move_to(way.at)
    return way


def test_later_stage_has_a_gate_a_threshold_assessors_and_a_deadline_of_its_own(second, house):
    way, officer = second, house.secretary
    assert way.entries()[-1] == ("board", "troms-ofoten", "received")
    assert not any(word in " ".join(way.tasks(officer)) for word in ("Fordel", "Sett opp", "Lås"))
    _gate_of_the_second_stage_is_asked_for(way, officer)
    way.check(officer, anchored=["shared-by-all"])
    assert way.entries()[-1] == ("board", "troms-ofoten", "in_work")
    initial = way.led_to(officer, "Fordel 1 oversendt søknad til vurdering").context["form"].initial
    assert (initial["each"], initial["due_date"].isoformat()) == (2, "2025-06-19")
    assessors = [house.vice_chair, house.fsu_leader]
    way.assess(officer, assessors, "Fordel 1 oversendt søknad til vurdering", resources="1")
    way.recommend(officer)
    board = reverse("assessment:freeze", args=[way.round.code, "board", "troms-ofoten"])
    stopped = way.as_person(officer).post(board)
    assert stopped.status_code == 422
    assert "innstilles under en terskel for «Hvor er samhandlingsrommet?»" in unescape(stopped.content.decode())
    page = reverse("assessment:recommend", args=[way.round.code, "board", "troms-ofoten", way.application.code])
    form = way.as_person(officer).get(page).context["form"]
    said = {name: value for name, value in form.initial.items() if value and name in form.fields}
    way.press(officer, page, **said, threshold_reason="Partene har lovet mer.")
    way.freeze(officer)
    frozen = way.as_person(officer).get(reverse("assessment:list", args=[way.round.code, "board", "troms-ofoten"]))
    assert "Partene har lovet mer." in frozen.content.decode()
    way.meet(officer, house.chair, house.ssu)
    way.tell(officer, house.ssu)
    assert way.entries()[-1] == ("board", "troms-ofoten", "decided")


def _gate_of_the_second_stage_is_asked_for(way, officer):
    url = reverse("assessment:admission", args=[way.application.code])
    page = way.as_person(officer).get(url)
    form = page.context["form"]
    assert ([item.code for item in form.items], [gate.code for gate in form.gates]) == (
        ["check-relevance"],
        ["anchored"],
    )
    assert "Be om retting" not in page.content.decode()
    answer = way.as_person(officer).post(url, {"act": "admit", "version": "1", "check-check-relevance": "on"})
    assert answer.status_code == 422
    assert calls.GATE["refusal"] in unescape(answer.content.decode())


def test_later_stage_refuses_what_does_not_pass_its_check_and_tells_by_letter(second, house):
    way, officer = second, house.secretary
    url = reverse("assessment:admission", args=[way.application.code])
    way.press(officer, url, act="refuse", version=1, reason="Verken forankret eller delt.")
    way.application.refresh_from_db()
    assert (way.application.status, way.application.known_status) == ("not_admitted", "admitted")
    assert way.entries()[-1] == ("board", "troms-ofoten", "closed")
    way.press(officer, reverse("decisions:decide_application", args=[way.application.code]))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.reason) == ("not_admitted", "Verken forankret eller delt.")
