"""The page of the benefit table: a line for each benefit, and the document's own table as a view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import queries
from applications.completeness import benefit_lacks, benefit_too_long, has_cell
from applications.forms.rows import BaseRowFormSet
from applications.models import Application, Benefit
from applications.snapshot import benefit_part, benefit_words, cell_text
from applications.submissions import benefit_tables
from applications.views import long_table
from portal.formats import in_words
from portal.formats import number as written_number
from rounds.definition import RoundDefinition

Cell = Callable[[Benefit], str]
# As many fields that are not filled in are named.
NAMED = 3


def context(application: Application, formset: BaseRowFormSet, *, is_table: bool) -> dict[str, Any]:
    """How far the table has come, its lines, and the document's table when it is asked for."""
    spec, rows = application.round.spec, formset.rows
    told: dict[str, Any] = {"lead": lead(spec, rows), "is_table": is_table and bool(rows)}
    if told["is_table"]:
        partners = list(queries.payers_of(application)) if spec.benefits.per_applicant else []
        table = {**benefit_part(spec, rows, partners), "header": {"benefit_words": benefit_words(spec)}}
        told["tables"] = list(benefit_tables(table))
    elif formset.is_compact:
        told |= lines(spec, formset)
    return told


def lead(spec: RoundDefinition, rows: Sequence[Any]) -> str:
    """How many benefits there are, and how many of them lack something: «Sju nytter. To mangler noe …»."""
    lacking = [bool(benefit_lacks(spec, row) or benefit_too_long(spec, row)) for row in rows]
    if not lacking:
        is_asked = spec.benefits.setting == "required" and spec.benefits.min_rows
        return "" if is_asked else _("Ingenting må fylles ut før dere kan sende.")
    count = ngettext("Én nytte.", "%(n)s nytter.", len(lacking)) % {"n": in_words(len(lacking))}
    left = sum(lacking)
    if not left:
        blank = any(blanks(spec, rows).values())
        return f"{count} " + (_("Ingenting må fylles ut før dere kan sende.") if blank else _("Ingenting mangler."))
    text = ngettext("Én mangler noe før dere kan sende.", "%(n)s mangler noe før dere kan sende.", left)
    return f"{count} {text % {'n': in_words(left)}}"


def lines(spec: RoundDefinition, formset: BaseRowFormSet) -> dict[str, Any]:
    """The columns of the list, and its rows in words or open."""
    columns = list(_columns(spec, blanks(spec, formset.rows)))

    def texts(row: Any) -> list[tuple[str, str]]:
        return [(label, cell(row)) for label, cell in columns]

    return {"columns": [label for label, _cell in columns], "blocks": long_table.blocks(formset, texts)}


def blanks(spec: RoundDefinition, rows: Sequence[Any]) -> dict[str, list[str]]:
    """The columns that a row may leave empty, and has, by the row's key; by their labels.

    The second band of a row that another row follows up need not be filled in, nor the first band of one without a
    benefit.
    """
    followed = {key for row in rows for key in row.covers}
    told = {}
    for row in rows:
        bands = {1: bool(row.benefit.strip()), 2: row.key not in followed}
        told[row.key] = [item.label for item in spec.benefits.columns if bands[item.band] and not has_cell(row, item)]
    return told


def _columns(spec: RoundDefinition, blank: Mapping[str, list[str]]) -> Iterable[tuple[str, Cell]]:
    """What a line tells of its row: the benefit, for whom, from what to what, when, and whether it is whole."""
    labels = {column.code: column.label for column in spec.benefits.columns}
    yield labels.get("benefit", _("Nytte")), lambda row: _name(spec, row)
    if "beneficiaries" in labels:
        yield labels["beneficiaries"], lambda row: cell_text(spec, "beneficiaries", row)
    if labels.keys() & {"baseline", "target"}:
        yield _("Før → mål"), _goal
    if "horizon" in labels:
        yield labels["horizon"], lambda row: cell_text(spec, "horizon", row)
    yield _("Status"), lambda row: _state(spec, row, blank[row.key])


def _name(spec: RoundDefinition, row: Benefit) -> str:
    """The benefit; of a row that only follows others up, or is half written, what it begins with."""
    if row.benefit.strip():
        return row.benefit
    filled = (cell_text(spec, column.code, row) for column in spec.benefits.columns)
    return next((text for text in filled if text), _("Tom rad"))


def _goal(row: Benefit) -> str:
    if row.baseline is None and row.target is None:
        return ""
    told = {"n": f"{written_number(row.baseline if row.baseline is not None else row.target)} {row.unit}".strip()}
    if row.target is None:
        return _("%(n)s, mål mangler") % told
    if row.baseline is None:
        return _("Mål %(n)s, nå-verdi mangler") % told
    return f"{written_number(row.baseline)} → {written_number(row.target)} {row.unit}".strip()


def _state(spec: RoundDefinition, row: Benefit, blank: Sequence[str]) -> str:
    if lacking := benefit_lacks(spec, row):
        return _("Mangler: %(labels)s") % {"labels": ", ".join(lacking)}
    if long := benefit_too_long(spec, row):
        return _("For lang tekst: %(labels)s") % {"labels": ", ".join(long)}
    if len(blank) > NAMED:
        return _("%(n)s felt er ikke utfylt") % {"n": in_words(len(blank))}
    return _("Ikke utfylt: %(labels)s") % {"labels": ", ".join(blank)} if blank else _("Klar")
