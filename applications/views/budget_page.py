"""The budget's sums as tables and pictures."""

from typing import Any

from django.utils.translation import gettext as _

from applications import budget
from applications.budget_words import sentence, unfinished
from applications.models import Application
from applications.queries import payers_of, plain_lines
from portal.charts import Chart, Row
from portal.ui import Column, Table

SERIES = ("grant", "own_cash", "own_in_kind", "other")
# In the pictures own contribution comes first, so that it has the same colours where it stands alone.
DRAWN = (1, 2, 0, 3)


def context(application: Application) -> dict[str, Any]:
    """The totals of what is stored, what does not add up, and the pictures."""
    spec = application.round.spec
    stored = list(application.budget_lines.all())
    lines = plain_lines(stored)
    rules = budget.Rules.of(spec)
    totals = budget.totals(lines, years=rules.years, cost_types=rules.cost_types)
    is_begun = bool(lines) or application.requested_amount is not None
    found = budget.problems(lines, rules, application.requested_amount) if is_begun else []
    return {
        "totals": totals,
        "table": sums_table(totals),
        "charts": charts(spec, totals, {str(p.pk): p.name for p in payers_of(application)}) if lines else [],
        "problems": [*unfinished(stored), *(sentence(item) for item in found if not item.is_warning)],
        "warnings": [sentence(item) for item in found if item.is_warning],
        "requested": application.requested_amount or 0,
        "unused": max((application.requested_amount or 0) - totals.all.grant, 0),
        "rules": spec.budget,
    }


def series() -> tuple[str, ...]:
    """The four sources of money, in the order of every table and picture."""
    return (_("Tilskuddet"), _("Egne penger"), _("Egen arbeidstid mv."), _("Andre"))


def _values(sums: budget.Sums) -> list[int]:
    return [getattr(sums, name) for name in SERIES]


def _drawn(sums: budget.Sums) -> list[int]:
    return [_values(sums)[index] for index in DRAWN]


def sums_table(totals: budget.Totals) -> Table:
    """The sums by year."""
    columns = [Column(_("År")), *(Column(name, "money") for name in series()), Column(_("Sum"), "money")]
    rows = [(str(year), *_values(sums), sums.total) for year, sums in totals.by_year.items()]
    return Table(_("Budsjettet etter år"), columns, rows, (_("Alle årene"), *_values(totals.all), totals.all.total))


def charts(spec: Any, totals: budget.Totals, names: dict[str, str]) -> list[Chart]:
    """By year, by cost type and by partner; empty bars are left out, the years apart."""
    labels = {option.code: option.label for option in spec.budget.cost_types}
    names_drawn = [series()[index] for index in DRAWN]
    years = [Row(str(year), _drawn(sums)) for year, sums in totals.by_year.items()]
    types = [Row(labels.get(code, code), _drawn(sums)) for code, sums in totals.by_cost_type.items() if sums.total]
    payers = [Row(names.get(key, key), [sums.own_cash, sums.own_in_kind]) for key, sums in totals.by_payer.items()]
    found = [
        Chart(_("Hva det koster hvert år, og hvem som betaler"), years, names_drawn),
        Chart(_("Hva pengene går til"), types, names_drawn),
    ]
    if payers:
        found.append(Chart(_("Egeninnsats fra hver partner"), payers, series()[1:3]))
    return found
