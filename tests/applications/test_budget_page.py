"""The page of the budget: the lines by who pays, what the budget comes to, and who gets the cost and the saving."""

import pytest

from applications.forms.budgets import shift_sentence
from applications.models import BudgetLine, Funding
from applications.queries import COST_SHIFT
from applications.services.drafts import ApplicationOwner
from tests.applications import world
from tests.applications.test_views_draft import text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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


def test_the_lines_stand_by_who_pays_with_the_sum_of_each(house, draft, lines, sign_in):
    page = sign_in(house.applicant).get(url("budget", draft))
    assert [(group.label, group.amount, len(group.lines)) for group in page.context["groups"]] == [
        ("Søkes dekket av tilskuddet", 450_000, 1),
        ("Kommunene bidrar med", 100_000, 1),
        ("Helseforetakene bidrar med", 50_000, 1),
        # A half-filled line counts in no sum.
        ("Uten betaler ennå", 0, 1),
    ]


def test_the_facts_on_top_are_what_each_side_pays(house, draft, lines, sign_in):
    page = sign_in(house.applicant).get(url("budget", draft))
    assert page.context["facts"] == [
        ("Tilskudd i budsjettet", "450\u00a0000\u00a0kr"),
        ("Kommunene bidrar med", "100\u00a0000\u00a0kr"),
        ("Helseforetakene bidrar med", "50\u00a0000\u00a0kr"),
        ("Hele budsjettet", "600\u00a0000\u00a0kr"),
        ("Andel som ikke er tilskudd", "25 prosent"),
    ]


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
