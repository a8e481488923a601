"""The page of the budget: the lines by who pays, what the budget comes to, and who gets the cost and the saving."""

import re

import pytest

from applications.forms.budgets import shift_sentence
from applications.models import Application, BudgetLine, Funding
from applications.queries import COST_SHIFT
from applications.services.drafts import ApplicationOwner
from applications.services.rows import save_rows, versions_of
from applications.views.budget_page import BudgetOwner
from portal.cells import new_key
from rounds.answering.services.rows import RowChange
from tests.applications import world
from tests.applications.test_views_draft import text_of, url
from tests.applications.test_views_parts import formset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


FOCUSED = '<legend class="ds-label" tabindex="-1" autofocus>'


def line(draft, amount, source="grant", payer=None, form="cash"):
    return BudgetLine.objects.create(
        application=draft, year=2025, cost_type="travel", source=source, payer=payer, form=form, amount=amount
    )


@pytest.fixture
def lines(house, draft):
    """One line of the grant, one of a municipality, one of the hospital trust, and one that nobody pays yet."""
    partners = {partner.organisation_id: partner for partner in draft.partners.all()}
    line(draft, 450_000)
    line(draft, 100_000, Funding.OWN, partners[house.partner.pk], "in_kind")
    line(draft, 50_000, Funding.OWN, partners[house.trust.pk])
    line(draft, 7, "", None, "")


def test_the_costs_stand_by_who_pays_with_the_sums_of_each(house, draft, lines, sign_in):
    page = sign_in(house.applicant).get(url("budget", draft))
    assert [(group.label, group.total[1], len(group.costs)) for group in page.context["groups"]] == [
        ("Søkes dekket av tilskuddet", "450\u00a0000", 1),
        ("Kommunene bidrar med", "100\u00a0000", 1),
        ("Helseforetakene bidrar med", "50\u00a0000", 1),
        # A half-filled line counts in no sum.
        ("Uten betaler ennå", "0", 1),
    ]
    assert [text for _cell, text, _label in page.context["all_sums"]] == [
        "600\u00a0000",
        "600\u00a0000",
    ]


def test_lines_that_differ_in_year_alone_are_one_line_with_a_column_a_year(house, draft, sign_in):
    first, later = line(draft, 100_000), line(draft, 50_000)
    BudgetLine.objects.filter(pk=later.pk).update(year=2026)
    client = sign_in(house.applicant)
    page = client.get(url("budget", draft))
    (group,) = page.context["groups"]
    (cost,) = group.costs
    assert (cost.numbers, cost.key, cost.total, cost.opened) == ("1, 2", first.key, "150\u00a0000", [])
    assert [[item.text for item in amounts] for _year, amounts in cost.by_year] == [
        ["100\u00a0000"],
        ["50\u00a0000"],
    ]
    # The other years of the round have no amount, and no column.
    assert page.context["years"] == [2025, 2026]
    assert cost.paid == "Tilskuddet · Penger"
    # The amounts are fields where the table shows them; the name opens the whole cost, in all its years.
    text = page.content.decode()
    fields = re.findall(r'name="budget-(\d-(?:amount|funding))"', text)
    assert (text.count('name="open"'), fields) == (1, ["0-amount", "1-amount"])
    page = client.get(url("budget", draft), {"row": later.key})
    (cost,) = page.context["groups"][0].costs
    assert (cost.numbers, [line.number for line in cost.opened]) == ("", [1, 2])


def test_an_amount_is_written_in_the_table_and_the_rest_of_its_line_stays(house, draft, lines, sign_in):
    client = sign_in(house.applicant)
    (first, *_others) = client.get(url("budget", draft)).context["formset"].forms
    row = {name: first[name].value() for name in ("key", "version")}
    before = BudgetLine.objects.get(key=row["key"])
    answer = client.post(
        url("budget_row", draft),
        {"prefix": "budget-0", **{f"budget-0-{n}": v for n, v in row.items()}, "budget-0-amount": "460 000"},
    ).json()
    assert answer["parts"][f"budget-cost-{row['key']}"] == answer["parts"]["budget-sum-grant"] == "460\u00a0000"
    data = formset("budget", {**row, "version": answer["version"], "amount": "ti"})
    page = client.post(url("budget", draft), data)
    # What could not be read stands in its cell, and the line is still told in words.
    assert (page.status_code, page.context["formset"].forms[0].number) == (422, 1)
    assert 'value="ti"' in page.content.decode()
    client.post(url("budget", draft), formset("budget", {**row, "version": answer["version"], "amount": "1 000"}))
    after = BudgetLine.objects.get(key=row["key"])
    assert after.amount == 1_000
    assert [getattr(after, name) for name in ("cost_type", "year", "source", "form")] == [
        getattr(before, name) for name in ("cost_type", "year", "source", "form")
    ]


@pytest.mark.parametrize("choice", ["", "mine"])
def test_an_amount_whose_line_somebody_removed_is_refused_and_makes_no_line(house, draft, at, sign_in, choice):
    removed = line(draft, 100_000, Funding.OWN, draft.partners.first(), "in_kind")
    kept = line(draft, 5)
    client = sign_in(house.applicant)
    form = client.get(url("budget", draft)).context["formset"].forms[0]
    row = {name: form[name].value() for name in ("key", "version")} | {"amount": "460 000", "choice": choice}
    change = RowChange(removed.key, versions_of(removed), {}, is_stored=True, is_removed=True)
    save_rows(draft, BudgetLine, [change], by=house.co_applicant, at=at)
    sentence = f"{house.co_applicant.name} har fjernet kostnaden, så beløpet er ikke lagret."
    data = {"prefix": "budget-0", **{f"budget-0-{name}": value for name, value in row.items()}}
    answer = client.post(url("budget_row", draft), data)
    assert (answer.status_code, answer.json()["state"], "box" in answer.json()) == (409, "gone", False)
    assert sentence in answer.json()["said"]
    page = client.post(url("budget", draft), formset("budget", row))
    assert (page.status_code, sentence in text_of(page), "Sett den inn igjen" in text_of(page)) == (409, True, False)
    # The page has no field left of it, so the next save is of the others.
    for drawn in (page, client.get(url("budget", draft))):
        assert removed.key not in drawn.content.decode()
    assert list(BudgetLine.objects.values_list("pk", "source")) == [(kept.pk, "grant")]


@pytest.mark.parametrize("is_whole_page", [True, False])
def test_an_amount_without_a_line_makes_none(house, draft, sign_in, is_whole_page):
    client, row = sign_in(house.applicant), {"key": new_key(), "amount": "1 000"}
    data = {"prefix": "budget-0", **{f"budget-0-{name}": value for name, value in row.items()}}
    page, data = ("budget", formset("budget", row)) if is_whole_page else ("budget_row", data)
    assert client.post(url(page, draft), data).status_code == 409
    assert not BudgetLine.objects.exists()


def test_a_new_line_whose_payer_cannot_be_chosen_is_nobodys(house, draft, sign_in):
    row = {"key": new_key(), "year": "2025", "cost_type": "travel", "funding": "own-0", "form": "cash", "amount": "7"}
    client = sign_in(house.applicant)
    assert client.post(url("budget", draft), formset("budget", row)).status_code == 422
    assert [(line.amount, line.source, line.payer) for line in BudgetLine.objects.all()] == [(7, "", None)]


def test_what_is_applied_for_stands_above_the_costs_and_who_gets_them_below(house, draft, sign_in):
    line(draft, None)
    page = sign_in(house.applicant).get(url("budget", draft))
    assert page.context["years"] == [2025]
    text = page.content.decode()
    order = [text.index(part) for part in ('name="requested_amount"', 'data-formset="budget"', 'name="cost_shift"')]
    assert order == sorted(order)
    # What is to stand in it is folded, so that the costs are near the top.
    assert re.search(r'<details class="fold">\s*<summary>Hva skal stå i budsjettet', text)


def test_a_line_without_a_year_stands_alone(house, draft, sign_in):
    lines = [line(draft, None), line(draft, 5), line(draft, 7)]
    BudgetLine.objects.filter(pk=lines[1].pk).update(year=None)
    page = sign_in(house.applicant).get(url("budget", draft))
    (group,) = page.context["groups"]
    assert [(cost.key, cost.numbers) for cost in group.costs] == [(lines[0].key, "1, 3"), (lines[1].key, "2")]
    # The sum of a cost is of the same lines as the sums above and below it.
    assert ([cost.total for cost in group.costs], group.total[1]) == (["7", "0"], "7")
    # Every amount of the year is a field, also the one that is not written yet.
    assert [[item.text for item in amounts] for _year, amounts in group.costs[0].by_year] == [["", "7"]]


def test_after_a_refused_save_no_line_takes_the_focus_from_the_errors(house, draft, lines, sign_in):
    client = sign_in(house.applicant)
    opened = client.get(url("budget", draft), {"row": draft.budget_lines.first().key}).content.decode()
    assert FOCUSED in opened
    rows = [{"key": item.key, "amount": "mye"} for item in draft.budget_lines.all()[:2]]
    page = client.post(url("budget", draft), formset("budget", *rows))
    assert b"data-error-summary" in page.content
    assert page.status_code == 422
    assert FOCUSED not in page.content.decode()


def test_a_line_of_a_year_that_the_round_does_not_ask_for_is_still_seen(house, draft, sign_in):
    strange = line(draft, 7)
    BudgetLine.objects.filter(pk=strange.pk).update(year=2040)
    assert sign_in(house.applicant).get(url("budget", draft)).context["years"][-1] == 2040


def test_a_cost_is_saved_and_another_one_opened_by_one_press(house, draft, sign_in):
    line(draft, 7)
    key = BudgetLine.objects.get().key
    data = formset("budget", requested_amount="1000", requested_base="", open=key)
    answer = sign_in(house.applicant).post(url("budget", draft), data)
    draft.refresh_from_db()
    assert (answer["Location"], draft.requested_amount) == (f"{url('budget', draft)}?row={key}", 1000)


def test_the_facts_on_top_are_what_is_applied_for_and_what_each_side_pays(house, draft, lines, sign_in):
    """What is applied for is a field among them; to one who only reads it is a fact, too."""
    Application.objects.filter(pk=draft.pk).update(requested_amount=450_000)
    page = sign_in(house.applicant).get(url("budget", draft))
    assert "<dt>Dere søker om</dt>" not in page.text
    assert page.context["facts"] == [
        ("Tilskudd i budsjettet", "450\u00a0000\u00a0kr"),
        ("Kommunene bidrar med", "100\u00a0000\u00a0kr"),
        ("Helseforetakene bidrar med", "50\u00a0000\u00a0kr"),
        ("Hele budsjettet", "600\u00a0000\u00a0kr"),
        ("Andel som ikke er tilskudd", "25 prosent"),
    ]

    Application.objects.filter(pk=draft.pk).update(signing_locked_at=draft.created_at)
    page = sign_in(house.applicant).get(url("budget", draft)).text
    assert "<dt>Dere søker om</dt><dd>450\u00a0000\u00a0kr</dd>" in page
    assert 'name="requested_amount"' not in page


def test_the_heading_is_the_news_and_follows_each_save(house, draft, sign_in):
    client = sign_in(house.applicant)
    assert client.get(url("budget", draft)).context["heading"] == "Budsjett"
    stored = line(draft, 450_000)

    def told(requested, amount=450_000):
        Application.objects.filter(pk=draft.pk).update(requested_amount=requested)
        BudgetLine.objects.filter(pk=stored.pk).update(amount=amount)
        page = client.get(url("budget", draft))
        heading = BudgetOwner(Application.objects.get(pk=draft.pk)).consequences()["parts"]["budget-heading"]
        assert heading.strip() == page.context["heading"]
        return page.context["heading"]

    assert told(500_000) == "50\u00a0000\u00a0kr mangler i budsjettet"
    assert told(400_000) == "50\u00a0000\u00a0kr for mye i budsjettet"
    assert (told(450_000), told(None), told(450_000, None)) == (
        "Budsjettet går opp",
        *["Budsjettet er ikke ferdig"] * 2,
    )


def test_who_gets_the_cost_is_a_sentence_once_it_is_answered(house, draft, sign_in):
    client = sign_in(house.applicant)
    page = client.get(url("budget", draft))
    assert page.context["form"].asks_shift
    value = {"value": True, "text": "Kommunene betaler."}
    owner = ApplicationOwner(draft)
    world.save_answer(owner, COST_SHIFT, value, base_version=0, by=house.applicant, at=draft.updated_at)
    page = client.get(url("budget", draft))
    assert "Én part får økte kostnader, mens en annen sparer." in text_of(page)
    assert not page.context["form"].asks_shift


@pytest.mark.parametrize(
    ("value", "sentence"),
    [({}, ""), ({"value": None}, ""), ({"value": False}, "Ingen part får økte kostnader mens en annen sparer.")],
)
def test_no_answer_is_no_sentence(value, sentence):
    assert shift_sentence(value) == sentence


def test_the_script_is_told_the_sentence_with_the_sums(house, draft, sign_in):
    data = {"requested_amount": "", "requested_base": "", "cost_shift": "no", "cost_shift_text": ""}
    parts = sign_in(house.applicant).post(url("amount", draft), data).json()["parts"]
    assert parts["budget-shift"] == "Ingen part får økte kostnader mens en annen sparer."


def test_the_sums_after_a_line_are_of_the_amount_that_another_save_stored_meanwhile(draft):
    read_before = Application.objects.get(pk=draft.pk)
    Application.objects.filter(pk=draft.pk).update(requested_amount=12_000)
    line(draft, 12_000)
    words = BudgetOwner(read_before).consequences()["parts"]["budget-words"]
    assert "Tilskuddet i budsjettet er likt søknadsbeløpet." in words


@pytest.mark.fault("C13")
@pytest.mark.parametrize("typed", ["0", "0,00 kr", "-5"])
def test_nothing_is_no_amount_to_apply_for(house, draft, sign_in, typed):
    data = formset("budget", requested_amount=typed, requested_base="")
    page = sign_in(house.applicant).post(url("budget", draft), data)
    assert (page.status_code, "minst 1 kr" in text_of(page)) == (422, True)
    assert Application.objects.get(pk=draft.pk).requested_amount is None
