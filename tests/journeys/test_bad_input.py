"""Bad input in the browser, beside what the rooms test of it: nothing typed is lost, and nothing old comes back.

Two editors on one field and a lost network: tests/applications/test_draft_in_browser.py.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import applying

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

ROUND = "Rekrutterings- og samhandlingstilskudd i Helse Nord 2025"
UNN = "Universitetssykehuset Nord-Norge HF"
WRITER, OTHER = "Prosjektleder Senja", "Samhandlingsrådgiver UNN"
LONG = "Prosjektet skal kartlegge behov, ressursbruk og modeller for samhandling i Midt-Troms. " * 60
FIELD = '[name="description"]'


@pytest.fixture
def draft(journey):
    """A draft that Senja and UNN write together; gives its code."""
    journey.open_round("helse-nord-2025")
    page = journey.page_of(WRITER)
    code = applying.start(page, ROUND, "Hvor er samhandlingsrommet?")
    applying.add_partners(page, code, [UNN])
    return code


def test_long_text_survives_an_expired_session(journey, draft):
    page = journey.page_of(WRITER)
    applying.open_section(page, draft, "description")
    page.context.clear_cookies(name="sessionid")
    page.locator(FIELD).fill(LONG)
    page.get_by_role("button", name=applying.SAVE).click()
    expect(page.get_by_text("teksten dere skrev, er tatt vare på")).to_be_visible()
    journey.fill_in_sign_in(page, WRITER)
    expect(page).to_have_url(re.compile("/section/description/"))
    expect(page.locator(FIELD)).to_have_value(LONG)
    applying.press(page, applying.SAVE)
    applying.open_section(page, draft, "description")
    expect(page.locator(FIELD)).to_have_value(LONG.strip())


def test_enter_in_a_short_answer_leaves_no_copy_that_comes_back(journey, draft):
    page = journey.page_of(WRITER)
    applying.open_section(page, draft, "project")
    page.locator('[name="earlier-application"]').fill("Forprosjektet fra 2024")
    with page.expect_navigation():
        page.locator('[name="earlier-application"]').press("Enter")
    applying.open_section(journey.page_of(OTHER), draft, "project")
    applying.write_section(journey.page_of(OTHER), draft, "project", {"earlier-application": "Ingen"})
    applying.open_section(page, draft, "project")
    expect(page.locator('[name="earlier-application"]')).to_have_value("Ingen")
    expect(page.locator("[data-conflict]")).to_have_count(0)
