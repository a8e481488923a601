"""The budget's page: the costs by who pays, what they come to, and what does not add up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from applications import budget
from applications.budget_words import plain_lines, sentences
from applications.forms.budgets import alike, cost_name, funding_choices
from applications.forms.rows import BaseRowFormSet
from applications.models import Application, BudgetLine, ContributionForm, Funding, Partner
from applications.queries import budget_lines_of
from applications.services.drafts import ApplicationOwner
from applications.views.long_table import Line
from portal.charts import Chart, ChartRow
from portal.communities.models import OrganisationKind
from portal.formats import grouped, kroner

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
        "stored": stored,
        "totals": totals,
        "requested": requested,
        "facts": facts(totals.all, by_group),
        "problems": problems,
        "warnings": warnings,
        "agrees": bool(lines) and requested is not None and requested == totals.all.grant,
        "heading": heading(lines, totals.all.grant, requested, is_whole=not problems),
    }


def heading(lines: Sequence[budget.Line], grant: int, requested: int | None, *, is_whole: bool) -> str:
    """The news of the page: what is missing between the amount and the grant, and else whether the budget is whole."""
    apart = requested - grant if lines and requested is not None else 0
    if apart:
        text = _("%(amount)s mangler i budsjettet") if apart > 0 else _("%(amount)s for mye i budsjettet")
        return text % {"amount": kroner(abs(apart))}
    if lines and is_whole:
        return _("Budsjettet går opp")
    return _("Budsjettet er ikke ferdig") if lines or not is_whole else _("Budsjett")


def facts(all_sums: budget.Sums, by_group: dict[str, int]) -> list[tuple[str, str]]:
    """What the budget comes to: each who pays, the whole, and what is not the grant."""
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
    drawn: dict[str, str] = {
        f"budget-{name}": render_to_string(f"applications/_budget_{name}.html", stored_sums)
        for name in ("heading", "figures", "words", "state")
    }
    stored = stored_sums["stored"]
    for of_group in grid_sums(stored, years_of(application, stored)).values():
        drawn |= of_group
    return drawn | _sums_of_costs(stored)


def _sums_of_costs(stored: Sequence[BudgetLine]) -> dict[str, str]:
    """The sum of each cost of several years, by the id of its cell, which has the key of the first line."""
    costs: dict[tuple[Any, ...], list[BudgetLine]] = {}
    for line in stored:
        costs.setdefault(alike(line), []).append(line)
    return {
        f"budget-cost-{first.key}": grouped(sum(line.amount or 0 for line in (first, *others) if line.is_whole))
        for first, *others in costs.values()
    }


class BudgetOwner(ApplicationOwner):
    """The application while its budget is written: the answer to every save has the new sums.

    ``shift`` is who gets the cost and who the saving, as a sentence, when the save may have changed it.
    """

    def __init__(self, application: Application, shift: str | None = None) -> None:
        super().__init__(application)
        self.shift = shift

    def consequences(self) -> dict[str, Any]:
        told = {} if self.shift is None else {"budget-shift": self.shift}
        # Another save may have stored another amount since the application was read.
        self.application.refresh_from_db(fields=["requested_amount"])
        return {**super().consequences(), "parts": {**parts(self.application), **told}}


# --- the lines, by who pays --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """What a cost comes to in a year: the number, and the field to write it in."""

    text: str
    form: Any


@dataclass(frozen=True, slots=True)
class Cost:
    """The lines that differ in year and amount alone, as one line with a column for each year."""

    numbers: str
    key: str
    name: str
    # Who pays it, and how.
    paid: str
    by_year: list[tuple[int, list[Amount]]]
    total: str
    # The lines of it that are open as fields, which stand under it. Without others there is no line in words.
    opened: list[Line]


@dataclass(frozen=True, slots=True)
class Group:
    """The stored lines that one side pays, with their sums by year and in all."""

    code: str
    label: str
    sums: list[tuple[str, str]]
    total: tuple[str, str]
    costs: list[Cost]


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


def years_of(application: Application, stored: Sequence[BudgetLine]) -> list[int]:
    """The years of the round, and others that a line stands in."""
    return sorted({*budget.Rules.of(application.round.spec).years, *(line.year for line in stored if line.year)})


def shown_years(application: Application, stored: Sequence[BudgetLine]) -> list[int]:
    """The years that have a line; before the first line the first year."""
    filled = {line.year for line in stored if line.year}
    return sorted(filled) or years_of(application, stored)[:1]


def grid_sums(stored: Sequence[BudgetLine], years: Sequence[int]) -> dict[str, dict[str, str]]:
    """The sums of each group and of all, by the ids of their cells: of each year, and last of all the years."""
    present = {group_of(line) for line in stored}
    groups = {code: [line for line in stored if group_of(line) == code] for code in group_labels() if code in present}
    told = {}
    for code, lines in {**groups, "all": stored}.items():
        whole = [line for line in lines if line.is_whole]
        of_years = {
            f"budget-sum-{code}-{year}": sum(line.amount or 0 for line in whole if line.year == year) for year in years
        }
        sums = {**of_years, f"budget-sum-{code}": sum(line.amount or 0 for line in whole)}
        told[code] = {cell: grouped(amount) for cell, amount in sums.items()}
    return told


def rows(application: Application, formset: BaseRowFormSet, partners: Sequence[Partner]) -> dict[str, Any]:
    """The costs by who pays, a column a year, with the sums of each column; only the opened line is fields."""
    spec = application.round.spec
    held = [(row, Line(number, row.key, (), form)) for number, (row, form) in enumerate(formset.lines, start=1)]
    stored = [row for row, _line in held]
    years = shown_years(application, stored)
    labels, words = group_labels(), _words(spec, partners)
    sums = {code: list(of_group.items()) for code, of_group in grid_sums(stored, years).items()}
    groups = [
        Group(code, labels[code], by_year, total, _costs(held, code, years, words))
        for code, (*by_year, total) in sums.items()
        if code != "all"
    ]
    return {
        "groups": groups,
        "years": years,
        "all_sums": [(*cell, label) for cell, label in zip(sums["all"], [*years, _("Sum")], strict=True)],
        "new_lines": formset.new_forms,
        # How many columns there are: number and cost, the years, the sum.
        "width": 2 + len(years) + 1,
    }


Held = tuple[BudgetLine, Line]
Words = Callable[[BudgetLine], tuple[str, str]]


def _costs(held: Sequence[Held], code: str, years: Sequence[int], words: Words) -> list[Cost]:
    """The costs of the group, in the order of their first lines."""
    same: dict[tuple[Any, ...], list[Held]] = {}
    for row, line in held:
        if group_of(row) == code:
            same.setdefault(alike(row), []).append((row, line))
    return [_cost(lines, years, words) for lines in same.values()]


def _cost(lines: Sequence[Held], years: Sequence[int], words: Words) -> Cost:
    in_words = [(row, line) for row, line in lines if line.form is None or line.form.is_amount_alone]
    in_years = [(row, line.form) for row, line in in_words if row.year]
    name, paid = words(lines[0][0])
    return Cost(
        ", ".join(str(line.number) for _row, line in in_words),
        in_words[0][1].key if in_words else "",
        name or _("Uten navn"),
        paid,
        [(year, [Amount(_amount_of(row), form) for row, form in in_years if row.year == year]) for year in years],
        grouped(sum(row.amount or 0 for row, _line in in_words if row.is_whole)),
        [line for _row, line in lines if line.form and not line.form.is_amount_alone],
    )


def _amount_of(row: BudgetLine) -> str:
    return "" if row.amount is None else grouped(row.amount)


def _words(spec: Any, partners: Sequence[Partner]) -> Words:
    """What a line is called, and who pays it and how, where the round asks how."""
    payers = _payer_labels(spec, partners)
    forms = {code: str(label) for code, label in ContributionForm.choices} if spec.budget.in_kind else {}

    def words(line: BudgetLine) -> tuple[str, str]:
        funding = f"own-{line.payer_id}" if line.source == Funding.OWN else str(line.source)
        return cost_name(spec, line), " · ".join(filter(None, (payers.get(funding, ""), forms.get(line.form, ""))))

    return words


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
