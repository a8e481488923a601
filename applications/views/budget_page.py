"""The budget's sums as tables and pictures."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from applications import budget
from applications.budget_words import plain_lines, sentences
from applications.forms.budgets import funding_choices
from applications.forms.rows import BaseRowFormSet
from applications.models import Application, BudgetLine, ContributionForm, Funding, Partner
from applications.queries import budget_lines_of
from applications.services.drafts import ApplicationOwner
from applications.views import long_table
from portal.charts import Chart, ChartRow
from portal.formats import kroner
from portal.ui import Column, DataTable

SERIES = ("grant", "own_cash", "own_in_kind", "other")
# Own contribution is drawn first, so that it has the same colours as in the picture that shows it alone.
DRAWN = (1, 2, 0, 3)


def context(application: Application, partners: Sequence[Partner]) -> dict[str, Any]:
    """The sums of what is stored, what does not add up, and the pictures."""
    spec = application.round.spec
    stored_sums = sums(application)
    names = {str(partner.pk): partner.name for partner in partners}
    pictures = charts(spec, stored_sums["totals"], names) if stored_sums["totals"].all.total else []
    return {**stored_sums, "charts": pictures, "rules": spec.budget}


def sums(application: Application) -> dict[str, Any]:
    """The sums of the stored lines, and what does not add up. This is what a save changes on the page."""
    stored = budget_lines_of(application)
    lines = plain_lines(stored)
    rules = budget.Rules.of(application.round.spec)
    totals = budget.totals(lines, years=rules.years, cost_types=rules.cost_types)
    requested = application.requested_amount
    is_begun = bool(stored) or requested is not None
    problems, warnings = sentences(stored, rules, requested) if is_begun else ([], [])
    return {
        "totals": totals,
        "table": sums_table(totals),
        "problems": problems,
        "warnings": warnings,
        "agrees": bool(lines) and requested is not None and requested == totals.all.grant,
    }


def parts(application: Application) -> dict[str, str]:
    """The parts of the page that a save changes, by their ids, for the script."""
    stored_sums = sums(application)
    return {
        f"budget-{name}": render_to_string(f"applications/_budget_{name}.html", stored_sums)
        for name in ("figures", "words", "table")
    }


class BudgetOwner(ApplicationOwner):
    """The application while its budget is written: the answer to every save has the new sums."""

    def consequences(self) -> dict[str, Any]:
        return {**super().consequences(), "parts": parts(self.application)}


def rows(application: Application, formset: BaseRowFormSet, partners: Sequence[Partner]) -> dict[str, Any]:
    """The lines as fields. Of a long budget every line is in words, and only the opened line is fields."""
    if not formset.is_compact:
        return {"blocks": [], "new_lines": formset.forms}
    spec = application.round.spec
    costs = {option.code: option.label for option in spec.budget.cost_types}
    payers = _payer_labels(spec, partners)
    forms = {code: str(label) for code, label in ContributionForm.choices}
    year, kind, payer, form, amount = (_("År"), _("Kostnadstype"), _("Hvem betaler"), _("Form"), _("Beløp"))

    def texts(line: BudgetLine) -> list[tuple[str, str]]:
        funding = f"own-{line.payer_id}" if line.source == Funding.OWN else str(line.source)
        cost = ", ".join(filter(None, (costs.get(line.cost_type, line.cost_type), line.description)))
        held = [
            (year, str(line.year or "")),
            (kind, cost),
            (payer, payers.get(funding, "")),
            (form, forms.get(line.form, "")),
            (amount, "" if line.amount is None else kroner(line.amount)),
        ]
        return held if spec.budget.in_kind else [item for item in held if item[0] != form]

    return {"blocks": long_table.blocks(formset, texts), "new_lines": formset.new_forms}


def _payer_labels(spec: Any, partners: Sequence[Partner]) -> dict[str, str]:
    payer_labels: dict[str, str] = {}
    for code, label in funding_choices(spec, list(partners)):
        payer_labels |= dict(label) if isinstance(label, list) else {code: label}
    return payer_labels


def series() -> tuple[str, ...]:
    """The four sources of money, in the order of every table and picture."""
    return (_("Tilskuddet"), _("Egne penger"), _("Egen arbeidstid mv."), _("Andre"))


def _values(sums: budget.Sums) -> list[int]:
    return [getattr(sums, name) for name in SERIES]


def _drawn(sums: budget.Sums) -> list[int]:
    return [_values(sums)[index] for index in DRAWN]


def sums_table(totals: budget.Totals) -> DataTable:
    """The sums by year."""
    columns = [Column(_("År")), *(Column(name, "money") for name in series()), Column(_("Sum"), "money")]
    rows = [(str(year), *_values(sums), sums.total) for year, sums in totals.by_year.items()]
    return DataTable(_("Budsjettet etter år"), columns, rows, (_("Alle årene"), *_values(totals.all), totals.all.total))


def charts(spec: Any, totals: budget.Totals, names: dict[str, str]) -> list[Chart]:
    """By year, by cost type and by partner. A bar without money is left out, but every year is drawn."""
    labels = {option.code: option.label for option in spec.budget.cost_types}
    names_drawn = [series()[index] for index in DRAWN]
    years = [ChartRow(str(year), _drawn(sums)) for year, sums in totals.by_year.items()]
    types = [ChartRow(labels.get(code, code), _drawn(sums)) for code, sums in totals.by_cost_type.items() if sums.total]
    payers = [ChartRow(names.get(key, key), [sums.own_cash, sums.own_in_kind]) for key, sums in totals.by_payer.items()]
    pictures = [
        Chart(_("Hva det koster hvert år, og hvem som betaler"), years, names_drawn),
        Chart(_("Hva pengene går til"), types, names_drawn),
    ]
    if payers:
        pictures.append(Chart(_("Egeninnsats fra hver partner"), payers, series()[1:3]))
    return pictures
