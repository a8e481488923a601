"""Innlandet: an initiative must meet one of three criteria; then principles are judged and the SSU makes a vedtak."""

import re

import pytest
from playwright.sync_api import expect

from applications.models import Application
from tests.journeys.journey import text_of
from tests.journeys.steps import applying, assessing, deciding, meeting, signing
from tests.journeys.steps.assessing import Turn

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.timeout(600)]

ROUND = "Rekrutterings- og samhandlingsmidler 2024/2025, Helsefellesskap Innlandet"
TITLE = "E-læring om samarbeidsavtalen"
HOSPITAL = "Sykehuset Innlandet HF"
WRITER, SECRETARY = "Prosjektleder Hamar", "Samhandlingskoordinator Innlandet"
SIGNATORIES = {"Hamar kommune": "Kommunedirektør Hamar", HOSPITAL: "Direktør Sykehuset Innlandet"}
MEMBERS = ("SSU-leder Innlandet", "SSU-medlem Valdres", "SSU-medlem Fjellregionen", "SSU-medlem Sør-Østerdal",
           "SSU-nestleder Innlandet", "SSU-medlem divisjon Gjøvik")  # fmt: skip
ANSWERS = {
    "initiative-kind": ["samarbeidsavtalen"],
    "criteria-reason": "Opplæringen brukes i daglig samhandling.",
    "strategy": "Handlingsdelen, punktet om felles forståelse av avtalen.",
    "guidance": ["pasientgrupper"],
    "challenge": "Avtalen er lite kjent blant ansatte.",
    "need": "Midler til å utvikle e-læring.",
    "effect": "Færre avvik ved utskriving.",
    "start-phase--not-relevant": True,
    "start-phase--reason": "Kurset lages av folk i egen drift og trenger ingen oppstartsfase.",
    "own-financing": "Partene dekker arbeidstiden til dem som tar kurset.",
    "no-patient-data": True,
}
COSTS = [
    ("Opplæringsmateriell og e-læring", "Utvikling", "Rekrutterings- og samhandlingsmidler", "350 000", None),
    ("Annet", "Kurstid", "Hamar kommune", "200 000", "Arbeidstid og annet"),
]


@pytest.mark.requirement("R13", "R43", "R88")
def test_innlandet(journey):
    round_ = journey.open_round("innlandet-2024")
    page = journey.sign_in(WRITER)
    code = an_initiative_is_written(page, round_.spec)
    without_a_criterion_it_is_stopped(journey, page, code, round_.spec)
    with_one_it_goes_through(journey, page, code)
    journey.until_closed(round_)
    turn = Turn(round_, "ssu", "innlandet")
    the_principles_are_judged(journey, code, turn)
    number = the_ssu_makes_a_vedtak(journey)
    a_letter_is_sent(journey, number)
    assert Application.objects.get().status == "granted"


def an_initiative_is_written(page, spec):
    code = applying.start(page, ROUND, TITLE)
    applying.add_partners(page, code, [HOSPITAL])
    applying.add_contact(page, code, "Hamar kommune", name=WRITER, title="Prosjektleder", email="hamar@example.org")
    applying.write_form(page, code, spec, ANSWERS)
    applying.write_budget(page, code, "350 000", COSTS)
    return code


def without_a_criterion_it_is_stopped(journey, page, code, spec):
    """None of the three is met: the gate says so, where to put it right, and nothing can be sent."""
    refusal = spec.gate("one-of-three").refusal
    assert refusal in signing.missing(page, code)
    journey.look(page, "gate")
    expect(page.get_by_role("link", name=refusal)).to_be_visible()
    expect(page.get_by_role("button", name="Send initiativet")).to_have_count(0)
    assert Application.objects.get().status == "draft"


def with_one_it_goes_through(journey, page, code):
    applying.write_section(page, code, "criteria", {"criteria-met": ["operation"]})
    signing.all_sign(journey, code, SIGNATORIES)
    signing.submit(page, code)


def the_principles_are_judged(journey, code, turn):
    """No points: a reason for each principle, and a recommendation."""
    page = journey.page_of(SECRETARY)
    assessing.check_and_admit(journey, page, code)
    assessing.assign(journey, page, code, "Samhandlingssjef Innlandet")
    assessor = journey.page_of("Samhandlingssjef Innlandet")
    assessing.declare(journey, assessor, code)
    assessing.score(journey, assessor, code, turn, points=None)
    reason = "Løser en samhandlingsutfordring i daglig drift."
    assessing.recommend(journey, page, turn, code, outcome="Innvilges", reason=reason)
    assessing.record_tasks(journey, page, turn, "Sekretariatet.")
    assessing.freeze(journey, page, turn)


def the_ssu_makes_a_vedtak(journey):
    page = journey.page_of(SECRETARY)
    number = meeting.plan(journey, page, "Strategisk samarbeidsutvalg")
    first, allocation = meeting.add_list(journey, page, number, ROUND)
    assert re.fullmatch(rf"\d+/{journey.now:%y}", first)
    meeting.call(journey, page, number)
    journey.pass_time(days=2)
    room = meeting.Room(journey, SECRETARY, number)
    room.enter(*MEMBERS)
    meeting.open_meeting(room)
    meeting.decide_by_agreement(room)
    meeting.go_on(room, allocation)
    meeting.decide_by_agreement(room)
    meeting.close_meeting(room)
    minutes = text_of(meeting.adopt_minutes(journey, room.leader, number, "Innkallingen ble godkjent."))
    assert f"Sak {first}" in minutes
    return first


def a_letter_is_sent(journey, case):
    page = journey.page_of(SECRETARY)
    deciding.make_decisions(journey, page, "innlandet-2024")
    shown = deciding.write_letter(journey, page, "innlandet-2024", TITLE)
    assert case in shown
    assert "350 000" in text_of(deciding.approve_and_send(journey, page, "Samhandlingssjef Innlandet"))
    assert len(journey.inbox.to("hamar@example.org")) >= 1
