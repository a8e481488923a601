"""Writing in a real browser: saved while typing, two editors on one field, a lost network, and no script at all."""

import pytest
import time_machine
from playwright.sync_api import expect

from applications.services.drafts import ApplicationOwner
from portal.formats import grouped
from rounds.answering.models import Answer
from tests import factories
from tests.applications import world
from tests.harness.browser import axe_violations
from tests.world import house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AWAY = "#id_expected-benefit"


@pytest.fixture
def written(transactional_db):
    """A draft in a round that is open now, and its world."""
    home = house()
    round_ = world.real_round("helse-nord-2025")
    with time_machine.travel(world.open_moment(round_), tick=True):
        yield home, world.draft(home, round_)


def state(page, question="description"):
    return page.locator(f"[data-autosave-key={question}] [data-autosave-state]")


def write(page, text, question="description"):
    page.fill(f"#id_{question}", text)
    page.locator(AWAY).focus()


def test_two_write_in_one_field_and_choose(written, open_as):
    home, draft = written
    anne, carl = open_as(home.applicant), open_as(home.co_applicant)
    for page in (anne, carl):
        page.goto(f"/applications/{draft.code}/section/description/")
    write(anne, "Annes tekst")
    expect(state(anne)).to_contain_text("Lagret kl.")
    write(carl, "Carls tekst")
    expect(carl.locator("[data-conflict]")).to_contain_text("Annes tekst")
    assert Answer.objects.get().value == "Annes tekst"
    assert axe_violations(carl) == []
    carl.locator("[data-conflict] label", has_text="Det som står i feltet").click()
    expect(state(carl)).to_contain_text("Lagret kl.")
    assert Answer.objects.get().value == "Carls tekst"


@pytest.mark.fault("C13")
def test_the_page_shows_how_an_amount_is_read(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/budget/")
    page.locator("#id_requested_amount").press_sequentially("1,25 mill.")
    expect(page.locator(".form-field__reading")).to_have_text("Lest som 1 250 000 kr.", use_inner_text=True)
    page.locator("#id_requested_amount").fill("mye")
    expect(page.locator(".form-field__reading")).to_have_text("")


@pytest.mark.fault("C13")
def test_what_was_read_of_another_amount_is_gone_at_once(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/budget/")
    page.fill("#id_requested_amount", "1,25 mill.")
    expect(page.locator(".form-field__reading")).to_have_text("Lest som 1 250 000 kr.", use_inner_text=True)
    page.route("**/read/**", lambda _route: None)
    page.fill("#id_requested_amount", "2 mill.")
    assert page.locator(".form-field__reading").inner_text() == ""


@pytest.mark.fault("C13")
def test_an_amount_that_could_not_be_read_is_there_when_one_comes_back(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/budget/")
    page.fill("#id_requested_amount", "tolv")
    page.fill("[name='budget-0-description']", "Lønn")
    page.fill("[name='budget-0-amount']", "ca 300 000")
    page.locator(".draft-form [type=submit]").last.click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Skriv «Beløp» i hele kroner")
    page.goto(f"/applications/{draft.code}/")
    page.goto(f"/applications/{draft.code}/budget/")
    expect(page.locator("#id_requested_amount")).to_have_value("tolv")
    expect(page.locator("[name='budget-0-amount']")).to_have_value("ca 300 000")
    expect(page.locator("[data-autosave-key=amount] [data-autosave-state]")).to_contain_text("Ikke lagret ennå")
    page.fill("#id_requested_amount", "12 000")
    expect(page.locator("[data-autosave-key=amount] [data-autosave-state]")).to_contain_text("Lagret kl.")
    page.goto(f"/applications/{draft.code}/budget/")
    expect(page.locator("#id_requested_amount")).to_have_value(grouped(12_000))


def test_a_lost_network_loses_nothing(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/section/description/")
    page.context.set_offline(True)
    write(page, "Skrevet uten nett")
    expect(state(page)).to_contain_text("Ikke lagret – prøver igjen")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Lagret kl.")
    assert Answer.objects.get().value == "Skrevet uten nett"


@pytest.mark.fault("C9")
def test_the_button_without_a_network_keeps_the_page_and_the_text(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/section/description/")
    page.context.set_offline(True)
    page.fill("#id_description", "Skrevet uten nett")
    page.locator(".draft-form [type=submit]").last.click()
    expect(page.locator("[data-cut]")).to_contain_text("Ingen forbindelse med portalen.")
    expect(page.locator("#id_description")).to_have_value("Skrevet uten nett")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Lagret kl.")
    expect(page.locator("[data-cut]")).to_have_count(0)
    page.locator(".draft-form [type=submit]").last.click()
    page.wait_for_url(lambda url: "description" not in url)
    assert Answer.objects.get(question="description").value == "Skrevet uten nett"


@pytest.mark.fault("C8")
def test_text_that_is_given_back_after_a_new_sign_in_is_saved_without_a_press(written, open_as):
    home, draft = written
    home.applicant.set_password(factories.PASSWORD)
    home.applicant.save()
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/section/description/")
    page.route("**/answers/**", lambda route: route.abort())
    page.evaluate("localStorage.clear()")
    page.fill("#id_description", "Skrevet før utlogging")
    page.context.clear_cookies(name="sessionid")
    page.evaluate("document.querySelector('.draft-form').submit()")
    page.get_by_label("E-post").fill(home.applicant.email)
    page.get_by_label("Passord", exact=True).fill(factories.PASSWORD)
    page.unroute("**/answers/**")
    page.get_by_role("main").get_by_role("button", name="Logg inn").click()
    expect(page.locator("#id_description")).to_have_value("Skrevet før utlogging")
    expect(state(page)).to_contain_text("Lagret kl.")
    assert Answer.objects.get(question="description").value == "Skrevet før utlogging"


def test_the_counter_counts_what_the_server_keeps(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/section/description/")
    counter = page.locator("#id_description_counter")
    most = int(counter.get_attribute("data-counter"))
    write(page, "  Tre\u200b\u202e 🙂\n")
    expect(state(page)).to_contain_text("Lagret kl.")
    assert Answer.objects.get().value == "Tre 🙂"
    assert counter.inner_text() == f"{grouped(most - len('Tre 🙂'))} tegn igjen av {grouped(most)}"


def test_the_button_does_the_same_without_a_script(written, open_as):
    home, draft = written
    page = open_as(home.applicant, java_script_enabled=False)
    page.goto(f"/applications/{draft.code}/benefits/")
    page.click("text=Legg til nytte")
    page.fill("#id_benefits-1-benefit", "Mindre reising")
    page.click("text=Lagre tabellen")
    expect(page.locator(".messages")).to_contain_text("Tabellen er lagret.")
    assert [row.benefit for row in draft.benefits.all()] == ["Mindre reising"]


def test_a_line_of_the_benefits_is_opened_by_a_press_and_a_cell_is_chosen_about(written, open_as):
    home, draft = written
    for _number in range(9):
        world.add_benefit(draft)
    key = draft.benefits.all()[4].key
    anne, carl = open_as(home.applicant), open_as(home.co_applicant)
    for page in (anne, carl):
        page.goto(f"/applications/{draft.code}/benefits/")
        page.locator(f"#row-{key} button").press("Enter")
        expect(page.locator(f"#row-{key} legend").first).to_be_focused()
    prefix = "benefits-4"
    anne.fill(f"#id_{prefix}-responsible", "Anne")
    anne.locator(f"#id_{prefix}-benefit").focus()
    anne.locator("h1").click()
    expect(anne.locator(f"#row-{key} [data-autosave-state]")).to_contain_text("Lagret kl.")
    carl.fill(f"#id_{prefix}-responsible", "Carl")
    carl.fill(f"#id_{prefix}-preconditions", "Carls forutsetning")
    carl.locator("h1").click()
    expect(carl.locator(f"#row-{key} [data-conflict]")).to_contain_text("Anne")
    row = draft.benefits.get(key=key)
    assert (row.responsible, row.preconditions) == ("Anne", "Carls forutsetning")
    assert axe_violations(carl) == []
    carl.locator(f"#row-{key} [data-conflict] label", has_text="Det som står i feltet").click()
    expect(carl.locator(f"#row-{key} [data-autosave-state]")).to_contain_text("Lagret kl.")
    assert draft.benefits.get(key=key).responsible == "Carl"


def test_two_write_in_one_row_of_a_plan_and_choose_about_one_cell(written, open_as):
    home, draft = written
    anne, carl = open_as(home.applicant), open_as(home.co_applicant)
    rows = [{"_key": "a" * 32, "milestone": "Oppstart"}]
    owner = ApplicationOwner(draft)
    world.save_answer(owner, "milestones", rows, base_version=0, by=home.applicant, at=draft.updated_at)
    for page in (anne, carl):
        page.goto(f"/applications/{draft.code}/section/plan/")
    row = "[data-autosave-prefix='milestones--0']"
    anne.fill("[name='milestones--0--milestone']", "Annes oppstart")
    anne.locator("h1").click()
    expect(anne.locator(f"{row} [data-autosave-state]")).to_contain_text("Lagret kl.")
    carl.fill("[name='milestones--0--responsible']", "Carl")
    carl.fill("[name='milestones--0--milestone']", "Carls oppstart")
    carl.locator("h1").click()
    box = carl.locator("[data-conflict-at='milestones--0--milestone'] [data-conflict]")
    expect(box).to_contain_text("Annes oppstart")
    assert axe_violations(carl) == []
    box.locator("label", has_text="Det som er lagret").click()
    expect(carl.locator("[name='milestones--0--milestone']")).to_have_value("Annes oppstart")
    expect(carl.locator(f"{row} [data-autosave-state]")).to_contain_text("Lagret kl.")
    (held,) = Answer.objects.get(question="milestones").value
    assert (held["milestone"], held["responsible"]) == ("Annes oppstart", "Carl")


def test_the_sums_of_the_budget_are_those_of_the_server(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/budget/")
    page.fill("[name='requested_amount']", "12.000 kr")
    row = "[data-autosave-prefix='budget-0']"
    for name in ("year", "cost_type", "funding", "form"):
        page.locator(f"[name='budget-0-{name}']").select_option(index=1)
    page.fill("[name='budget-0-amount']", "12 000")
    page.locator("h1").click()
    expect(page.locator(f"{row} [data-autosave-state]")).to_contain_text("Lagret kl.")
    expect(page.locator("#budget-figures dd").first).to_have_text("12\u00a0000\u00a0kr")
    expect(page.locator("#budget-words")).to_contain_text("Tilskuddet i budsjettet er likt søknadsbeløpet.")
    assert axe_violations(page) == []


SLOW_FIRST_ROW = """
    const send = window.fetch;
    window.fetch = async (url, options) => {
      if (String(options?.body).includes("Kortere")) await new Promise((done) => setTimeout(done, 800));
      return send(url, options);
    };
"""


def test_new_rows_keep_the_order_of_the_page_whichever_request_is_slow(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.add_init_script(SLOW_FIRST_ROW)
    page.goto(f"/applications/{draft.code}/benefits/")
    benefits = ["Kortere ventetid", "Mindre reising", "Færre innleggelser"]
    for index, benefit in enumerate(benefits):
        if not page.locator(f'[name="benefits-{index}-key"]').count():
            page.locator("[data-formset-add]").click()
        page.fill(f"#id_benefits-{index}-benefit", benefit)
    page.click("text=Lagre tabellen")
    expect(page.locator(".messages")).to_contain_text("Tabellen er lagret.")
    assert [row.benefit for row in draft.benefits.all()] == benefits


def test_a_new_row_that_waits_for_those_above_is_sent_when_the_page_is_left(written, open_as):
    home, draft = written
    page = open_as(home.applicant)
    page.add_init_script(SLOW_FIRST_ROW)
    page.goto(f"/applications/{draft.code}/benefits/")
    page.fill("#id_benefits-0-benefit", "Kortere ventetid")
    page.locator("[data-formset-add]").click()
    page.fill("#id_benefits-1-benefit", "Mindre reising")
    page.locator("#id_benefits-1-responsible").focus()
    page.locator("h1").click()
    page.goto(f"/applications/{draft.code}/")
    page.goto("/")
    assert "Mindre reising" in [row.benefit for row in draft.benefits.all()]


def test_what_is_not_filled_in_a_benefit_never_makes_the_page_wider_than_the_screen(written, open_as):
    home, draft = written
    world.add_benefit(draft, measurement="", preconditions="", freed_resources="")
    page = open_as(home.applicant)
    page.goto(f"/applications/{draft.code}/benefits/")
    assert page.locator(".data-table .state").inner_text().startswith("Ikke utfylt: ")
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
