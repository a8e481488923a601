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


def approve_and_send(journey, page, colleague):
    """The colleague looks the letter on the page through and approves it, and it is sent; gives the PDF."""
    address = page.url
    expect(page.get_by_text("En kollega må lese og godkjenne det.")).to_be_visible()
    reader = journey.page_of(colleague)
    reader.goto(address)
    journey.look(reader, "letter-to-approve")
    reader.get_by_role("button", name="Godkjenn brevet").click()
    expect(reader.get_by_text("Brevet er godkjent. Nå kan det sendes.")).to_be_visible()
    page.goto(address)
    journey.work()
    page.get_by_role("button", name="Send brevet").click()
    expect(page.get_by_text("Brevet er lagt i utboksen og sendes nå.")).to_be_visible()
    journey.work()
    page.reload()
    return journey.download(page, "Last ned PDF", "brev.pdf")
