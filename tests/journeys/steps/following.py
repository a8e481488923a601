"""After the award: acceptance, start of operation, reminder, evaluation, case."""

from playwright.sync_api import expect


def accept(journey, page, code, *, start):
    """Accept the terms with the planned start."""
    page.goto(f"/follow-up/{code}/")
    journey.look(page, "project")
    page.get_by_role("link", name="Aksepter tilskuddet").click()
    page.get_by_role("textbox", name="Planlagt driftsstart").fill(start)
    page.get_by_label("Prosjektansvarlig", exact=True).fill("Prosjektleder Senja")
    page.get_by_label("E-post til prosjektansvarlig").fill("prosjektleder.senja@example.org")
    page.get_by_label("Kontonummer").fill("8601 11 17947")
    page.get_by_label("Vi aksepterer vilkårene i tilskuddsbrevet").check()
    journey.look(page, "acceptance")
    page.get_by_role("button", name="Aksepter tilskuddet").click()
    expect(page.get_by_text("Takk! Tilskuddet er akseptert, og sekretariatet har fått beskjed.")).to_be_visible()


def report_start(journey, page, code, day):
    """Tell when operation started; gives when the evaluation is due, as the page says it."""
    page.goto(f"/follow-up/{code}/start/")
    page.get_by_role("textbox", name="Faktisk driftsstart").fill(day)
    journey.look(page, "start-of-operation")
    page.get_by_role("button", name="Meld driftsstart").click()
    expect(page.get_by_text("Driftsstart er meldt, og fristen for evalueringen er satt.")).to_be_visible()
    row = page.locator(".summary__row").filter(has_text="Evaluering innen")
    return row.locator("dd").inner_text()


def evaluate(journey, page, code, answers, *, spent):
    """The round's own questions, and each benefit planned against actual; sent."""
    page.goto(f"/follow-up/{code}/evaluation/")
    rows = page.locator("main fieldset:has(legend)")
    planned = rows.locator("legend").all_inner_texts()
    for number, row in enumerate(rows.all(), 1):
        row.get_by_label("Hva ble oppnådd?").fill(f"Oppnådd for nytte {number}.")
    for question, text in answers.items():
        page.locator(f'[name="{question}"]').fill(text)
    page.get_by_label("Hvor mye av tilskuddet har dere brukt?").fill(spent)
    journey.look(page, "evaluation-form")
    page.get_by_role("button", name="Send evalueringen").click()
    expect(page.get_by_text("Takk! Evalueringen er sendt til helsefellesskapet.")).to_be_visible()
    journey.look(page, "evaluation")
    return planned
