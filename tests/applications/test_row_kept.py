"""Whatever is written in a row is kept, by button and by script, also when no other cell is filled in."""

import pytest

from applications.models import Benefit, BudgetLine
from applications.services.rows import versions_of
from portal.cells import written
from tests.applications.test_views_draft import url
from tests.applications.test_views_parts import formset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.fault("C5")]

KEY = "0123456789abcdef"
# Field → what a person writes or chooses, and what the row then holds.
BENEFIT = {
    "benefit": ("Færre innleggelser", "Færre innleggelser"),
    "responsible": ("Samhandlingsleder", "Samhandlingsleder"),
    "beneficiaries_text": ("Eldre", "Eldre"),
    "measure": ("Innleggelser", "Innleggelser"),
    "baseline": ("18", 18),
    "target": ("9,5", "9.50"),
    "unit": ("prosent", "prosent"),
    "measurement": ("Hvert kvartal", "Hvert kvartal"),
    "preconditions": ("Stillinger", "Stillinger"),
    "freed_resources": ("Tid", "Tid"),
}
LINE = {"description": ("Lønn", "Lønn"), "amount": ("5 000", 5000)}
CONTACT = {"name": ("Anne", "Anne")}


def the_only(model, name):
    return [str(getattr(row, name)).rstrip("0").rstrip(".") for row in model.objects.all()]


def plain(value):
    return str(value).rstrip("0").rstrip(".")


@pytest.mark.parametrize("name", BENEFIT)
def test_a_benefit_row_with_one_cell_is_kept(house, draft, sign_in, name):
    typed, stored = BENEFIT[name]
    page = sign_in(house.applicant).get(url("benefits", draft)).context["formset"].empty_form
    if name not in page.fields:
        pytest.skip(f"this round does not ask for {name}")
    sign_in(house.applicant).post(url("benefits", draft), formset("benefits", {"key": KEY, name: typed}))
    assert the_only(Benefit, name) == [plain(stored)]


@pytest.mark.parametrize("name", BENEFIT)
def test_a_benefit_row_with_one_cell_is_kept_by_the_script(house, draft, sign_in, name):
    typed, stored = BENEFIT[name]
    page = sign_in(house.applicant).get(url("benefits", draft)).context["formset"].empty_form
    if name not in page.fields:
        pytest.skip(f"this round does not ask for {name}")
    data = {"prefix": "benefits-0", "benefits-0-key": KEY, f"benefits-0-{name}": typed}
    answer = sign_in(house.applicant).post(url("benefit_row", draft), data)
    assert (answer.json()["state"], the_only(Benefit, name)) == ("saved", [plain(stored)])


@pytest.mark.parametrize("name", LINE)
def test_a_budget_line_with_one_cell_is_kept(house, draft, sign_in, name):
    typed, stored = LINE[name]
    year = str(draft.round.spec.budget.years[0])
    data = formset("budget", {"key": KEY, "year": year, "funding": "", name: typed})
    sign_in(house.applicant).post(url("budget", draft), data)
    assert the_only(BudgetLine, name) == [plain(stored)]


def test_a_budget_line_with_nothing_but_the_year_is_no_line(house, draft, sign_in):
    year = str(draft.round.spec.budget.years[0])
    sign_in(house.applicant).post(url("budget", draft), formset("budget", {"key": KEY, "year": year}))
    assert not BudgetLine.objects.exists()


@pytest.mark.fault("C10")
def test_a_row_is_edited_whatever_its_key_looks_like(house, draft, sign_in):
    """Older demos made rows with keys that no page would have given them."""
    row = Benefit.objects.create(application=draft, key="line-1", position=0, benefit="Før")
    data = {"key": "line-1", "version": written(versions_of(row)), "benefit": "Etter"}
    sign_in(house.applicant).post(url("benefits", draft), formset("benefits", data))
    assert list(Benefit.objects.values_list("key", "benefit")) == [("line-1", "Etter")]
