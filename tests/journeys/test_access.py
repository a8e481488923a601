"""Everybody can use it: axe on the pages the journeys pass by, the keyboard alone, and no JavaScript."""

import pytest
from playwright.sync_api import expect

from applications.models import Application, Partner
from applications.services import signing as signing_services
from portal.clock import local_date
from portal.communities.models import User
from tests.journeys.steps import applying, signing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ROUND = "Rekrutterings- og samhandlingstilskudd 2024, første søknadsrunde"
WRITER = "Prosjektleder Senja"
PUBLIC = {
    "welcome": "/",
    "rounds": "/rounds/",
    "round": "/rounds/helse-nord-2025/",
    "round-questions": "/rounds/helse-nord-2025/questions/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "contact": "/contact/",
    "password-reset": "/account/password/reset/",
    "not-found": "/rounds/finnes-ikke/",
}
OWN = {
    "home": (WRITER, "/"),
    "my-applications": (WRITER, "/applications/"),
    "my-page": (WRITER, "/my-page/"),
    "start": (WRITER, "/applications/start/helse-nord-2025/"),
    "secretariat-home": ("Samhandlingsleder kommunene", "/"),
    "handled-rounds": ("Samhandlingsleder kommunene", "/assessment/round/"),
    "meetings": ("Samhandlingsleder kommunene", "/meetings/"),
    "decisions": ("Samhandlingsleder kommunene", "/decisions/round/helse-nord-2025/"),
    "follow-up": ("Samhandlingsleder kommunene", "/follow-up/"),
    "refused": ("Prosjektleder Rana", "/assessment/round/"),
}


# What is not answered by 200.
ANSWERS = {"refused": 403, "not-found": 404}


def test_public_pages_are_open_to_all(journey, page):
    journey.open_round("helse-nord-2025")
    for kind, address in PUBLIC.items():
        assert page.goto(address).status == ANSWERS.get(kind, 200), kind
        journey.look(page, kind)


def test_own_pages_are_open_to_all(journey):
    journey.open_round("helse-nord-2025")
    for kind, (person, address) in OWN.items():
        page = journey.page_of(person)
        assert page.goto(address).status == ANSWERS.get(kind, 200), kind
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        journey.look(page, kind)


def test_a_section_is_written_by_keyboard_alone(journey):
    journey.open_round("helse-nord-2025")
    page = journey.page_of(WRITER)
    code = applying.start(page, "Rekrutterings- og samhandlingstilskudd i Helse Nord 2025", "Uten mus")
    applying.open_section(page, code, "project")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til hovedinnhold")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, '[name="phase"]')
    page.keyboard.press("ArrowDown")
    tab_to(page, '[name="earlier-application"]')
    page.keyboard.type("Forprosjektet fra 2024")
    tab_to(page, "button[type=submit]:not([name])")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    applying.open_section(page, code, "project")
    expect(page.locator('[name="phase"][value="pilot"]')).to_be_checked()
    expect(page.locator('[name="earlier-application"]')).to_have_value("Forprosjektet fra 2024")


# A radio button or a check box shows it around its label too.
SHOWS_FOCUS = """() => [document.activeElement, document.activeElement.closest(".ds-field")]
  .some((node) => node && getComputedStyle(node).outlineStyle !== "none")"""


def tab_to(page, selector, most=60):
    """Press Tab until the field has the focus, and see that the focus shows."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(SHOWS_FOCUS), selector
            return
    raise AssertionError(selector)


def test_an_application_is_written_and_sent_without_javascript(journey):
    """Rows are added, saved and sent by the server alone."""
    spec = journey.open_round("troms-ofoten-2024").spec
    page = journey.page_of(WRITER, java_script_enabled=False)
    code = applying.start(page, ROUND, "Uten skript")
    applying.add_contact(page, code, "Senja kommune", name=WRITER, title="Prosjektleder", email="senja@example.org")
    applying.write_form(
        page,
        code,
        spec,
        {**PLAIN, "planned-start": journey.planned_start, **dict.fromkeys(LONG, "Som i en vanlig nettleser.")},
    )
    applying.write_benefits(page, code, [BENEFIT, BENEFIT, BENEFIT], {1: {"horizon": "short"}})
    assert Application.objects.get().benefits.count() == 3
    applying.write_budget(page, code, "100 000", COSTS)
    sign_for_senja(journey)
    signing.submit(page, code)


PLAIN = {
    "patient-groups": ["skropelige-eldre"],
    "phase": "pilot",
    "digital--not-relevant": True,
    "digital--reason": "Prosjektet innfører ingen nye digitale løsninger.",
    "milestones": [{"milestone": "Oppstart"}, {"milestone": "Evaluering"}],
    "private-recipients": "no",
    "no-patient-data": True,
}
LONG = (
    *("description", "cooperation-model", "dialogue", "recruitment-effect", "cooperation-effect", "spread"),
    *("involvement", "project-plan", "own-contribution"),
)
BENEFIT = {"benefit": "Færre reiser.", "beneficiaries_text": "Pasienter.", "responsible": "Vi.", "measure": "Reisetid."}
COSTS = [
    ("Reise", "Samlinger", "Tilskuddet", "100 000", None),
    ("Annet", "Arbeidstid", "Senja kommune", "50 000", "Arbeidstid og annet"),
]


def sign_for_senja(journey):
    """The signature itself is another journey's; here it is made by its service."""
    by = User.objects.get(name="Kommunedirektør Senja")
    partner = Partner.objects.get()
    signing_services.sign(
        partner, by=by, agreement_date=local_date(journey.now), title="Kommunedirektør", at=journey.now
    )
