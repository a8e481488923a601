"""Rounds with other stages than the real ones, in the browser: from the call to the letter, by those whose work it is.

What is asked in the form and how the pages look is the matter of the other journeys: here the text comes by itself, and
nothing is looked at twice. At each landing the same two rounds are walked through the same pages without a browser, in
tests/decisions/test_any_stages.py.
"""

import re

import pytest

from applications.models import Application
from tests import calls
from tests.applications import world as applications
from tests.journeys.journey import text_of
from tests.journeys.steps import applying, assessing, deciding, meeting, signing
from tests.journeys.steps.assessing import Turn

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.timeout(600)]

TITLE = "Hvor er samhandlingsrommet?"
UNN = "Universitetssykehuset Nord-Norge HF"
# A stage that decides grants the whole amount; one that forwards prioritises.
WHOLE = re.compile("^(Innvilges|Prioriteres)$")
WRITER = "Prosjektleder Senja"
SIGNATORIES = {"Senja kommune": "Kommunedirektør Senja", UNN: "Direktør UNN"}
SSU = ("SSU-leder", "SSU-nestleder", "SSU-medlem Narvik", "SSU-medlem medisin", "SSU-medlem kirurgi")
COMMITTEE = ("Leder Tildelingsutvalget", "Nestleder Tildelingsutvalget", "Tildelingsutvalg Helgeland",
             "Tildelingsutvalg Finnmark", "Tildelingsutvalg Nordlandssykehuset")  # fmt: skip


@pytest.fixture
def quick(journey):
    """A journey that looks at no page."""
    journey.looks = False
    return journey


def test_one_stage_at_a_regional_body_alone(quick):
    round_ = quick.open_call(calls.regional_alone())
    code = an_application_is_sent(quick, round_)
    quick.until_closed(round_)
    officer = "Regional rådgiver"
    assessing.check_and_admit(quick, quick.page_of(officer), code)
    turn = Turn(round_, "committee", "region")
    the_stage_makes_its_list(quick, officer, "Tildelingsutvalg Helgeland", code, turn)
    the_body_decides(quick, officer, "Tildelingsutvalg", COMMITTEE, round_)
    a_letter_is_sent(quick, officer, "Regional samhandlingssjef", round_)
    assert way_of(code) == [("committee", None, "decided")]


def test_two_bodies_of_one_helsefellesskap_in_a_row(quick):
    round_ = quick.open_call(calls.two_bodies("fsu-phr-troms-ofoten"))
    code = an_application_is_sent(quick, round_)
    quick.until_closed(round_)
    officer = "Samhandlingsleder kommunene"
    assessing.check_and_admit(quick, quick.page_of(officer), code)
    experts, board = (Turn(round_, stage, "troms-ofoten") for stage in ("experts", "board"))
    the_stage_makes_its_list(quick, officer, "Leder FSU PHR", code, experts)
    assessing.forward(quick, quick.page_of(officer), experts)
    the_stage_makes_its_list(quick, officer, "SSU-nestleder", code, board)
    the_body_decides(quick, officer, "Strategisk samarbeidsutvalg", SSU, round_)
    a_letter_is_sent(quick, officer, "Samhandlingssjef UNN", round_)
    assert way_of(code) == [("experts", "troms-ofoten", "forwarded"), ("board", "troms-ofoten", "decided")]


def way_of(code):
    """The stages that the application has passed: stage, helsefellesskap (None for a region), state."""
    entries = Application.objects.get(code=code).stage_entries.order_by("entered_at", "pk")
    return list(entries.values_list("stage__code", "community__code", "state"))


def an_application_is_sent(journey, round_):
    """Begun from the round's page, signed by both partners, and sent; what is written comes by itself."""
    page = journey.page_of(WRITER)
    code = applying.start(page, round_.title, TITLE)
    applying.add_partners(page, code, [UNN])
    for partner, name in (("Senja kommune", "senja"), (UNN, "unn")):
        applying.add_contact(page, code, partner, name=WRITER, title="Prosjektleder", email=f"{name}@example.org")
    application = Application.objects.get(code=code)
    applications.answer_all(application, journey.now)
    applications.add_benefit(application)
    applications.add_budget(application)
    applications.add_attachments(application, journey.now)
    signing.all_sign(journey, code, SIGNATORIES)
    assert signing.submit(page, code)
    return code


def the_stage_makes_its_list(journey, officer, assessor, code, turn):
    """Assessed by one person, recommended in full, the stage's tasks recorded, and locked."""
    page = journey.page_of(officer)
    assessing.assign(journey, page, code, assessor)
    desk = journey.page_of(assessor)
    assessing.declare(journey, desk, code)
    assessing.score(journey, desk, code, turn, points=3)
    assessing.recommend(journey, page, turn, code, outcome=WHOLE, reason="Svarer godt på formålet.")
    assessing.record_tasks(journey, page, turn, "Etter fullmakt.")
    assessing.freeze(journey, page, turn)


def the_body_decides(journey, officer, body, members, round_):
    """A meeting on the list, from the plan to the adopted minutes."""
    page = journey.page_of(officer)
    number = meeting.plan(journey, page, body)
    first, *others = meeting.add_list(journey, page, number, round_.title)
    meeting.call(journey, page, number)
    journey.pass_time(days=2)
    room = meeting.Room(journey, officer, number)
    room.enter(*members)
    meeting.open_meeting(room)
    meeting.decide_by_agreement(room)
    for reference in others:
        meeting.go_on(room, reference)
        meeting.decide_by_agreement(room)
    meeting.close_meeting(room)
    assert f"Sak {first}" in text_of(meeting.adopt_minutes(journey, room.leader, number, "Ingen merknader."))


def a_letter_is_sent(journey, officer, colleague, round_):
    """Decided from the minutes and told by letter; only then do the applicants know."""
    page = journey.page_of(officer)
    deciding.make_decisions(journey, page, round_.code)
    assert Application.objects.get().known_status == "admitted"
    deciding.write_letter(journey, page, round_.code, TITLE)
    assert "450 000" in text_of(deciding.approve_and_send(journey, page, colleague))
    assert Application.objects.get().known_status == "granted"
    assert len(journey.inbox.to("senja@example.org")) >= 1
