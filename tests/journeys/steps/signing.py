"""Signing, checking, sending: what the partners and the lead do with the written text."""

import re

from playwright.sync_api import expect


def sign(page, code, partner, *, date=None):
    """Read the text and sign it for the partner."""
    open_signing(page, code, partner)
    if date:
        page.get_by_role("textbox", name="Dato for signert avtale").fill(date)
    page.get_by_role("button", name=f"Signer for {partner}").click()


def open_signing(page, code, partner):
    """From the roster to the text and the signature under it."""
    page.goto(f"/applications/{code}/signatures/")
    page.get_by_role("link", name=f"Les og signer – {partner}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^Signer «.+» for {re.escape(partner)}$"))


def open_text(page, code):
    """The text is opened again while the partners sign, after a question."""
    page.goto(f"/applications/{code}/signatures/")
    page.get_by_role("link", name="Åpne teksten").click()
    page.get_by_role("button", name="Åpne teksten").click()
    expect(page.get_by_text("Teksten er åpen.")).to_be_visible()


def is_signed(page, partner):
    """The roster says that the partner has signed."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=partner))
    expect(row.get_by_text(re.compile(r"^Signert \d"))).to_be_visible()


def all_sign(journey, code, signatories):
    """Each partner's own authorised person signs; ``signatories`` is the person by partner."""
    for partner, person in signatories.items():
        page = journey.page_of(person)
        sign(page, code, partner)
        is_signed(page, partner)


def unsigned(page, code):
    """The partners that the roster says have not signed."""
    page.goto(f"/applications/{code}/signatures/")
    rows = page.get_by_role("row").filter(has_text=re.compile("Har ikke signert|må signere på nytt"))
    return [name.splitlines()[0] for name in rows.get_by_role("rowheader").all_inner_texts()]


def missing(page, code):
    """The sentences of what stands in the way of sending."""
    page.goto(f"/applications/{code}/check/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("før dere kan sende|klar til å sendes"))
    return page.locator("[aria-labelledby=problems-title] li").all_inner_texts()


def submit(page, code):
    """Check the answers, send, and read the receipt's number."""
    assert missing(page, code) == []
    page.get_by_role("button", name=re.compile("^Send (søknaden|initiativet)$")).click()
    expect(page).to_have_url(re.compile(r"/receipt/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^(Søknaden|Initiativet) er sendt$"))
    return page.locator("dt", has_text="Kvitteringsnummer").locator("xpath=following-sibling::dd").inner_text()
