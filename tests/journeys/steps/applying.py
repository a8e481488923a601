"""Writing an application: start, partners, sections, benefits, budget, attachments."""

import re
from io import BytesIO

from playwright.sync_api import expect
from pypdf import PdfWriter

SAVE = "Lagre og gå til oversikten"


def start(page, round_title, project, *, owner=None, lead=None):
    """From the public page of the round to a task list; gives the application's code."""
    page.goto("/rounds/")
    page.get_by_role("link", name=round_title).first.click()
    page.get_by_role("link", name=re.compile("^Start (søknad|initiativ) ?:")).first.click()
    page.get_by_label("Navn på prosjekt/pilot").fill(project)
    if owner and page.get_by_role("radio").count():
        page.get_by_role("radio", name=owner).check()
    if lead:
        page.get_by_label("Ansvarlig søker").select_option(label=lead)
    page.get_by_role("button", name="Start søknaden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(project)
    return code_of(page)


def press(page, button):
    """Press a button that sends the page's form, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def code_of(page):
    """The application's code, from the address of the page."""
    return re.search(r"/applications/([^/]+)/", page.url).group(1)


def answer(page, question, value):
    """Type or choose an answer: text, a code, a list of codes, or True for a declaration."""
    field = page.locator(f'[name="{question}"]')
    if isinstance(value, list) and value and isinstance(value[0], dict):
        write_rows(page, question, value)
    elif field.first.get_attribute("type") in {"radio", "checkbox"}:
        if value is True:
            value = "on"
        for code in [value] if isinstance(value, str) else value:
            field.and_(page.locator(f'[value="{code}"], :not([value])')).check()
    else:
        field.fill(value)


def open_section(page, code, section):
    page.goto(f"/applications/{code}/section/{section}/")


def write_form(page, code, spec, answers):
    """Fill in section after section, each as the round has it; ``answers`` by question."""
    for section in spec.sections:
        codes = {question.code for question in section.questions}
        asked = {name: value for name, value in answers.items() if name.split("--")[0] in codes}
        if asked:
            write_section(page, code, section.code, asked)


def write_section(page, code, section, answers):
    """Fill in the section and save it."""
    open_section(page, code, section)
    for question, value in answers.items():
        answer(page, question, value)
    press(page, SAVE)
    expect(page).to_have_url(re.compile(rf"/applications/{code}/$"))


def write_rows(page, question, rows):
    """Fill in a question's table, asking for one row more at a time."""
    for index, row in enumerate(rows):
        first = page.locator(f'[name^="{question}--{index}--"]').first
        if not first.count():
            with page.expect_navigation():
                page.locator(f'button[name="add_row"][value="{question}"]').click()
        for column, value in row.items():
            page.locator(f'[name="{question}--{index}--{column}"]').fill(value)


# --- partners ---------------------------------------------------------------------------------------


def add_partners(page, code, names):
    """Tick the partners off in the register's list."""
    page.goto(f"/applications/{code}/partners/add/")
    for name in names:
        page.get_by_role("checkbox", name=name, exact=True).check()
    press(page, "Legg til")
    for name in names:
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def add_contact(page, code, partner, *, name, title, email):
    """Put a contact person on the partner's card."""
    page.goto(f"/applications/{code}/partners/")
    page.get_by_role("link", name=f"– {partner}").click()
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Stilling").fill(title)
    page.get_by_label("E-post").fill(email)
    press(page, "Lagre")
    expect(page.get_by_role("link", name=email, exact=True)).to_be_visible()


# --- the benefit table ---------------------------------------------------------------------------------


def _fold_of(field):
    """What the field is folded in, if it is one that few rows need."""
    return field.locator("xpath=ancestor::details")


def write_benefits(page, code, benefits, measured):
    """The benefits in the first band, and under the rows that ``measured`` numbers what the second band says."""
    page.goto(f"/applications/{code}/benefits/")
    for index, benefit in enumerate(benefits):
        _row_ready(page, "benefits", index)
        for column, text in benefit.items():
            page.locator(f'[name="benefits-{index}-{column}"]').fill(text)
    for number, cells in measured.items():
        for column, text in cells.items():
            field = page.locator(f'[name="benefits-{number - 1}-{column}"]')
            if column == "horizon":
                field.select_option(text)
            else:
                _fold_of(field).evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")
                field.fill(text)
    press(page, "Lagre tabellen")
    expect(page.get_by_text("Tabellen er lagret.")).to_be_visible()


def _row_ready(page, part, index):
    row = page.locator(f'[name="{part}-{index}-key"]')
    if not row.count():
        page.locator("[data-formset-add]").click()
    expect(row).to_have_count(1)


# --- the budget ----------------------------------------------------------------------------------------


def ask_for(page, code, amount):
    """Say how much is applied for."""
    page.goto(f"/applications/{code}/budget/")
    page.locator('[name="requested_amount"]').fill(amount)
    choice = page.locator('[name="cost_shift"][value="no"]')
    if not choice.is_visible():
        page.get_by_text("Hvem får kostnadene, og hvem sparer?").click()
    choice.check()


def write_cost(page, index, *, year, kind, text, payer, amount, form=None):
    """One line of the budget, by the words on the page."""
    _row_ready(page, "budget", index)
    cell = f'[name="budget-{index}-'
    page.locator(f'{cell}year"]').select_option(year)
    page.locator(f'{cell}cost_type"]').select_option(label=kind)
    page.locator(f'{cell}description"]').fill(text)
    page.locator(f'{cell}funding"]').select_option(label=payer)
    if form:
        page.locator(f'{cell}form"]').select_option(label=form)
    page.locator(f'{cell}amount"]').fill(amount)


def write_budget(page, code, amount, costs):
    """The amount and the lines of a budget, all in the first year that the form offers."""
    ask_for(page, code, amount)
    year = page.locator('[name$="-year"] option:not([value=""])').first.get_attribute("value")
    for index, (kind, text, payer, cost, form) in enumerate(costs):
        write_cost(page, index, year=year, kind=kind, text=text, payer=payer, amount=cost, form=form)
    save_budget(page)


def save_budget(page):
    press(page, "Lagre budsjettet")
    expect(page.get_by_text("Budsjettet er lagret.")).to_be_visible()


# --- attachments ---------------------------------------------------------------------------------------


def a_pdf(title):
    """A real PDF of one empty page."""
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    writer.write(made)
    return made.getvalue()


def attach(page, code, kind, title, *, name=None, content=None, mime="application/pdf"):
    """Upload a file of the kind, and see it in the list."""
    page.goto(f"/applications/{code}/attachments/")
    page.get_by_label("Type vedlegg").select_option(label=kind)
    page.get_by_label("Tittel").fill(title)
    page.locator('[name="file"]').set_input_files(
        {"name": name or f"{title}.pdf", "mimeType": mime, "buffer": content or a_pdf(title)}
    )
    press(page, "Last opp")
    expect(page.get_by_role("link", name=title).first).to_be_visible()
