"""«Bedre i lag»: an FSU owns the project, Harstad kommune answers for it in law, and SSU members are flagged."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from tests.journeys.journey import words_of
from tests.journeys.steps import applying, assessing, signing

pytestmark = [pytest.mark.browser, pytest.mark.release, pytest.mark.timeout(600)]

WORDS = words_of("bedre-i-lag")
ROUND = "Rekrutterings- og samhandlingstilskudd i Helse Nord 2025"
FSU = "Faglig samarbeidsutvalg psykisk helse og rus"
UNN = "Universitetssykehuset Nord-Norge HF"
WRITER = "Nestleder FSU PHR"
SIGNATORIES = {"Harstad kommune": "Kommunedirektør Harstad", UNN: "Direktør UNN"}
COSTS = [
    ("Lokaler til samlinger", "Fem samlinger i året", "Tilskuddet", "400 000", None),
    ("Annet", "Lokale arbeidsgrupper", "Harstad kommune", "120 000", "Arbeidstid og annet"),
]


@pytest.mark.requirement("R20", "R23", "R94", "R108")
def test_better_together(journey):
    round_ = journey.open_round("helse-nord-2025")
    page = journey.sign_in(WRITER)
    code = the_fsu_writes(journey, page, round_.spec)
    the_blank_project_plan_is_caught(page, code)
    a_signature_after_the_deadline_is_refused(journey, code)
    signing.all_sign(journey, code, SIGNATORIES)
    signing.submit(page, code)
    members_of_the_ssu_are_flagged(journey, code)
    assert Application.objects.get(code=code).status == "admitted"


def the_fsu_writes(journey, page, spec):
    """The words of the document; its project plan is blank there, and so here (R94)."""
    code = applying.start(page, ROUND, WORDS["title"], owner=FSU, lead="Harstad kommune")
    applying.add_partners(page, code, [UNN])
    applying.add_contact(
        page, code, "Harstad kommune", name=WRITER, title="Nestleder FSU", email="nestleder@example.org"
    )
    applying.add_contact(page, code, UNN, name="Leder FSU PHR", title="Leder FSU", email="leder@example.org")
    applying.open_section(page, code, "project")
    expect(page.locator('[name="owners--body"] option:checked')).to_have_text(FSU)
    applying.write_form(page, code, spec, WORDS["answers"] | our_own(journey))
    applying.write_budget(page, code, "400 000", COSTS)
    labels = {kind.code: kind.label for kind in spec.attachments.kinds}
    for kind, title in WORDS["attachments"]:
        applying.attach(page, code, labels[kind], title)
    return code


def our_own(journey):
    """What the document leaves open beside the plan."""
    return {
        "phase": "operation",
        "service-areas": ["tromso", "midt-troms", "nord-troms", "sor-troms", "ofoten"],
        "agreement-date": f"{journey.now:%d.%m.%Y}",
        "patient-groups": ["psykisk-helse-rus"],
        "budget-use": "Fem samlinger i året, én for hvert DPS-område.",
        "municipality-resources": "Ledere og ansatte deltar.",
        "hospital-resources": "Ledere og ansatte deltar.",
        "financing-plan": "Samlingene betales av tilskuddet.",
        "private-recipients": "no",
        "patient-responsibility--not-relevant": True,
        "patient-responsibility--reason": "Prosjektet flytter ikke ansvar for pasienter.",
        "digital--not-relevant": True,
        "digital--reason": "Prosjektet innfører ingen nye digitale løsninger.",
        "planned-start": journey.planned_start,
        "involved": ["user-organisations"],
        "no-patient-data": True,
    }


def the_blank_project_plan_is_caught(page, code):
    """The list of what is missing says so, links to the field, and nothing else is missing."""
    blank = "Fyll ut «Prosjektplan, inkludert evalueringspunkter»."
    first, unsigned = signing.missing(page, code)
    assert (first, unsigned.startswith("Ikke signert: ")) == (blank, True)
    assert all(partner in unsigned for partner in SIGNATORIES)
    page.get_by_role("link", name=blank).click()
    expect(page.locator('[name="project-plan"]')).to_be_in_viewport()
    page.locator('[name="project-plan"]').fill(
        "Fem samlinger i året. Evalueres etter hver samling og etter ni måneder."
    )
    applying.press(page, "Lagre og gå tilbake til kontrollen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("signaturer mangler før dere kan sende")
    assert signing.missing(page, code) == [unsigned]


def a_signature_after_the_deadline_is_refused(journey, code):
    """The document's second date is ten months after its deadline (R108)."""
    page = journey.page_of("Kommunedirektør Harstad")
    signing.sign(page, code, "Harstad kommune", date="26.12.2035")
    expect(page.get_by_text("Datoen kan ikke være etter fristen.").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Dato for signert avtale")).to_have_value("26.12.2035")
    assert signing.unsigned(page, code) == ["Harstad kommune", UNN]


def members_of_the_ssu_are_flagged(journey, code):
    """R20: who sits in the FSU cannot judge it; who sits in the SSU that appointed it is pointed out."""
    page = journey.page_of("Samhandlingssjef UNN")
    assessing.check_and_admit(journey, page, code)
    assessing.assign(journey, page, code, WRITER)
    expect(page.get_by_text(f"{WRITER} har opprettet saken")).to_be_visible()
    expect(page.get_by_text(f"sitter i {FSU}, som eier prosjektet").first).to_be_visible()
    assessing.assign(journey, page, code, "SSU-leder")
    appointed = f"sitter i utvalget som har oppnevnt {FSU}, som eier prosjektet"
    expect(page.get_by_text(f"Merk: SSU-leder {appointed}.")).to_be_visible()
    member = journey.page_of(WRITER)
    assessing.declare(journey, member, code)
    member.goto(f"/assessment/application/{code}/papers/")
    expect(
        member.get_by_text("Habiliteten din i denne saken må avgjøres av andre før du kan åpne den.")
    ).to_be_visible()
    assessing.decide_habilitet(
        journey, page, code, WRITER, recused=True, reason="Sitter i utvalget som eier prosjektet."
    )
    member.reload()
    expect(member.get_by_text("Du er inhabil i denne saken.")).to_be_visible()
    leader = journey.page_of("SSU-leder")
    assessing.declare(journey, leader, code)
    leader.goto(f"/assessment/application/{code}/papers/")
    expect(leader.get_by_role("heading", name=WORDS["title"]).first).to_be_visible()
