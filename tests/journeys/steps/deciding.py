"""Decisions and letters: from adopted minutes to a letter in the applicants' mail."""

from playwright.sync_api import expect


def make_decisions(journey, page, round_code):
    """The adopted minutes become decisions."""
    page.goto(f"/decisions/round/{round_code}/")
    journey.look(page, "to-decide")
    page.get_by_role("button", name="Registrer vedtakene fra møtet").click()
    expect(page.get_by_text("vedtak er registrert.")).to_be_visible()


def write_letter(journey, page, round_code, title):
    """Write the letter and look at the preview; gives its text."""
    page.goto(f"/decisions/round/{round_code}/")
    page.get_by_role("button", name=f"Skriv brev {title}").click()
    journey.look(page, "letter")
    return page.locator(".letter-preview").inner_text()


def approve_and_send(journey, page):
    """Approve the letter on the page, send it; gives the PDF."""
    page.get_by_role("link", name="Se gjennom og godkjenn").click()
    address = page.url.removesuffix("review/")
    with page.expect_response(lambda answer: answer.url.endswith("preview.pdf")):
        page.reload()
    journey.look(page, "letter-review")
    page.get_by_role("button", name="Godkjenn brevet").click()
    expect(page.get_by_text("Brevet er godkjent. Nå kan det sendes.")).to_be_visible()
    page.goto(address)
    journey.work()
    page.get_by_role("button", name="Send brevet").click()
    expect(page.get_by_text("Brevet er lagt i utboksen og sendes nå.")).to_be_visible()
    journey.work()
    page.reload()
    return journey.download(page, "Last ned PDF", "brev.pdf")
