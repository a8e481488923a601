"""The budget's sums as tables and pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from applications.views.long_table import Line
from portal.charts import Chart, ChartRow
from portal.communities.models import OrganisationKind
from portal.formats import kroner
from portal.ui import Column, DataTable

SERIES = ("grant", "own_cash", "own_in_kind", "other")
# The sides of a helsefellesskap; whoever else pays is «other».
SIDES = {str(OrganisationKind.MUNICIPALITY): "municipality", str(OrganisationKind.HOSPITAL_TRUST): "hospital"}
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
    by_group = sums_of_groups(stored)
    problems, warnings = sentences(stored, rules, requested) if is_begun else ([], [])
    return {
        "totals": totals,
        "by_group": by_group,
        "facts": facts(totals.all, by_group),
        "table": sums_table(totals),
        "problems": problems,
        "warnings": warnings,
        "agrees": bool(lines) and requested is not None and requested == totals.all.grant,
    }


def facts(all_sums: budget.Sums, by_group: dict[str, int]) -> list[tuple[str, str]]:
    """What the budget comes to: each who pays, the whole, and how much of it is not the grant."""
    labels = group_labels()
    told = [(_("Tilskudd i budsjettet"), kroner(all_sums.grant))]
    told += [(labels[code], kroner(by_group.get(code, 0))) for code in ("municipality", "hospital")]
    if by_group.get("other"):
        told.append((labels["other"], kroner(by_group["other"])))
    told.append((_("Hele budsjettet"), kroner(all_sums.total)))
    if all_sums.total:
        share = round(100 * (all_sums.total - all_sums.grant) / all_sums.total)
        told.append((_("Andel som ikke er tilskudd"), _("%(share)s prosent") % {"share": share}))
    return told


def parts(application: Application) -> dict[str, str]:
    """The parts of the page that a save changes, by their ids, for the script."""
    stored_sums = sums(application)
    drawn = {
        f"budget-{name}": render_to_string(f"applications/_budget_{name}.html", stored_sums)
        for name in ("figures", "words", "table")
    }
    return drawn | {f"budget-sum-{code}": kroner(amount) for code, amount in stored_sums["by_group"].items()}


class BudgetOwner(ApplicationOwner):
    """The application while its budget is written: the answer to every save has the new sums.

    ``shift`` is who gets the cost and who the saving, as a sentence, when the save may have changed it.
    """

    def __init__(self, application: Application, shift: str | None = None) -> None:
        super().__init__(application)
        self.shift = shift

    def consequences(self) -> dict[str, Any]:
        told = {} if self.shift is None else {"budget-shift": self.shift}
        return {**super().consequences(), "parts": {**parts(self.application), **told}}


# --- the lines, by who pays --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """The stored lines that one side pays, with their sum."""

    code: str
    label: str
    amount: int
    lines: list[Line]


def group_of(line: BudgetLine) -> str:
    """Who pays a line: the grant, one of the two sides, others; ``open`` when nobody is chosen."""
    if line.source == Funding.OWN and line.payer:
        return SIDES.get(line.payer.kind, "other")
    return str(line.source) or "open"


def group_labels() -> dict[str, str]:
    """The groups of lines in their order."""
    return {
        "grant": _("Søkes dekket av tilskuddet"),
        "municipality": _("Kommunene bidrar med"),
        "hospital": _("Helseforetakene bidrar med"),
        "other": _("Andre bidrar med"),
        "open": _("Uten betaler ennå"),
    }


def sums_of_groups(stored: Sequence[BudgetLine]) -> dict[str, int]:
    """The sum of each group that has lines. A half-filled line counts in no sum."""
    held = [(group_of(line), line.amount or 0 if line.is_whole else 0) for line in stored]
    present = {code for code, _amount in held}
    return {code: sum(amount for name, amount in held if name == code) for code in group_labels() if code in present}


def rows(application: Application, formset: BaseRowFormSet, partners: Sequence[Partner]) -> dict[str, Any]:
    """The lines by who pays, as fields. Of a long budget every line is in words, and only the opened line is fields."""
    texts = _texts(application.round.spec, partners)
    lines = [
        (group_of(row), Line(number, row.key, texts(row) if form is None else (), form))
        for number, (row, form) in enumerate(formset.lines, start=1)
    ]
    by_group = sums_of_groups([row for row, _form in formset.lines])
    labels = group_labels()
    groups = [
        Group(code, labels[code], amount, [line for name, line in lines if name == code])
        for code, amount in by_group.items()
    ]
    return {"groups": groups, "new_lines": formset.new_forms}


def _texts(spec: Any, partners: Sequence[Partner]) -> Callable[[BudgetLine], list[tuple[str, str]]]:
    """The cells of a line in words, each with the label of its column."""
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

    return texts


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
    """By cost type and by partner, which no table of the page says. A bar without money is left out."""
    labels = {option.code: option.label for option in spec.budget.cost_types}
    names_drawn = [series()[index] for index in DRAWN]
    types = [ChartRow(labels.get(code, code), _drawn(sums)) for code, sums in totals.by_cost_type.items() if sums.total]
    payers = [ChartRow(names.get(key, key), [sums.own_cash, sums.own_in_kind]) for key, sums in totals.by_payer.items()]
    pictures = [Chart(_("Hva pengene går til"), types, names_drawn)]
    if payers:
        pictures.append(Chart(_("Egeninnsats fra hver partner"), payers, series()[1:3]))
    return pictures
