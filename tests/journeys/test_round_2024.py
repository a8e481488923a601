"""The round of 2024: the SSU decides itself, on eight criteria, with a benefit plan that cannot be left out."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from tests.journeys.journey import text_of
from tests.journeys.steps import applying, assessing, deciding, meeting, signing
from tests.journeys.steps.assessing import Turn

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.timeout(600)]

ROUND = "Rekrutterings- og samhandlingstilskudd 2024, første søknadsrunde"
TITLE = "Korttidsplasser med felles bemanning"
UNN = "Universitetssykehuset Nord-Norge HF"
WRITER, SECRETARY = "Prosjektleder Senja", "Samhandlingsleder kommunene"
SIGNATORIES = {"Senja kommune": "Kommunedirektør Senja", UNN: "Direktør UNN"}
RECUSED, DEPUTY = "SSU-medlem Senja", "SSU-vara kommunene"
MEMBERS = ("SSU-leder", "SSU-nestleder", "SSU-medlem Narvik", "SSU-medlem medisin", "SSU-medlem kirurgi")
ANSWERS = {
    "description": "Åtte korttidsplasser på Finnsnes bemannes av kommunen og UNN sammen i ett år.",
    "patient-groups": ["skropelige-eldre"],
    "phase": "pilot",
    "cooperation-model": "Modell B: fleksibel bruk av senger på tvers av tjenestene.",
    "models": ["b"],
    "dialogue": "Felles fagmøter hver uke.",
    "digital--not-relevant": True,
    "digital--reason": "Prosjektet innfører ingen nye digitale løsninger.",
    "recruitment-effect": "Kombinerte stillinger gjør det lettere å rekruttere.",
    "cooperation-effect": "Færre utskrivningsklare pasienter blir liggende i sykehus.",
    "spread": "Legges fram for alle kommunene i Midt-Troms.",
    "involvement": "Eldrerådet og brukerutvalget er med i styringsgruppen.",
    "project-plan": "Oppstart i september, evaluering etter seks og tolv måneder.",
    "own-contribution": "Kommunen stiller lokaler, UNN stiller geriater.",
    "private-recipients": "no",
    "no-patient-data": True,
}
BENEFIT = {
    "benefit": "Færre unødvendige innleggelser av skrøpelige eldre.",
    "beneficiaries_text": "Pasienter, pårørende og sykehuset.",
    "responsible": "Kommunalsjef helse og klinikksjef.",
    "measure": "Antall innleggelser og liggedøgn.",
}
COSTS = [
    ("Kombinasjonsstillinger", "To sykepleiere og en geriater", "Tilskuddet", "1 200 000", None),
    ("Annet", "Lokaler", "Senja kommune", "300 000", "Arbeidstid og annet"),
]


@pytest.mark.requirement("R5")
def test_round_2024(journey):
    round_ = journey.open_round("troms-ofoten-2024")
    page = journey.sign_in(WRITER)
    code = an_application_is_sent(journey, page, round_.spec)
    journey.until_closed(round_)
    turn = Turn(round_, round_.spec.deciding_stage.code, "troms-ofoten")
    assert len([criterion for criterion in turn.criteria if criterion.kind == "scored"]) == 8
    it_is_scored(journey, code, turn)
    case = the_ssu_decides(journey, turn)
    a_letter_is_sent(journey, case)
    assert Application.objects.get().status == "partly_granted"


def an_application_is_sent(journey, page, spec):
    """The benefit plan is mandatory: without a row in it nothing can be sent."""
    code = applying.start(page, ROUND, TITLE)
    applying.add_partners(page, code, [UNN])
    applying.add_contact(page, code, "Senja kommune", name=WRITER, title="Prosjektleder", email="senja@example.org")
    applying.write_form(page, code, spec, {**ANSWERS, "planned-start": journey.planned_start})
    applying.write_budget(page, code, "1 200 000", COSTS)
    demanded = "«Gevinstrealiseringsplan» må ha minst 1 rad. Dere har 0."
    assert demanded in signing.missing(page, code)
    applying.write_benefits(page, code, [BENEFIT], {1: {"horizon": "medium"}})
    assert demanded not in signing.missing(page, code)
    signing.all_sign(journey, code, SIGNATORIES)
    signing.submit(page, code)
    return code


def it_is_scored(journey, code, turn):
    page = journey.page_of(SECRETARY)
    assessing.check_and_admit(journey, page, code)
    for person, points in (("Vurderer kommunene", "4"), ("Vurderer UNN", "3")):
        assessing.assign(journey, page, code, person)
        assessor = journey.page_of(person)
        assessing.declare(journey, assessor, code)
        assessing.score(journey, assessor, code, turn, points)
    reason = "Treffer de prioriterte pasientgruppene, men rekrutteringen må vises før alt innvilges."
    assessing.recommend(journey, page, turn, code, outcome="Innvilges delvis", reason=reason, amount="900 000")
    assessing.record_tasks(journey, page, turn, "Arbeidsutvalget i SSU.")
    assessing.freeze(journey, page, turn)


def the_ssu_decides(journey, turn):
    """One member is inhabil and a deputy stands in; consensus fails, and the vote decides."""
    page = journey.page_of(SECRETARY)
    number = meeting.plan(journey, page, "Strategisk samarbeidsutvalg")
    first, allocation = meeting.add_list(journey, page, number, ROUND)
    meeting.call(journey, page, number)
    journey.pass_time(days=2)
    room = meeting.Room(journey, SECRETARY, number)
    room.enter(*MEMBERS, RECUSED, DEPUTY)
    meeting.open_meeting(room)
    meeting.say_inhabil(room, RECUSED, "Leder tjenesten som søker.")
    meeting.decide_habilitet(room, RECUSED, recused=True, reason="Leder tjenesten som søker.")
    expect(room.members[RECUSED].get_by_role("heading", name="Du er inhabil i denne saken")).to_be_visible()
    assert meeting.decide_by_vote(room, "Jeg støtter forslaget", watching=[RECUSED]) < 2
    meeting.go_on(room, allocation)
    meeting.decide_by_agreement(room)
    meeting.close_meeting(room)
    minutes = text_of(meeting.adopt_minutes(journey, room.leader, number, "Møtet var vedtaksført."))
    for words in (RECUSED, DEPUTY, "900 000", f"Sak {first}"):
        assert words in minutes, words
    return first


def a_letter_is_sent(journey, case):
    page = journey.page_of(SECRETARY)
    deciding.make_decisions(journey, page, "troms-ofoten-2024")
    shown = deciding.write_letter(journey, page, "troms-ofoten-2024", TITLE)
    assert case in shown
    assert "900 000" in text_of(deciding.approve_and_send(journey, page, "Samhandlingssjef UNN"))
    assert len(journey.inbox.to("senja@example.org")) >= 1
