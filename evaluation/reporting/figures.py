"""The figures of a report, added up from awards and evaluations. Pure: no database. All amounts in whole kroner.

A number of persons lower than five could point at somebody, and is not told (``with_unit``; R142, the rule of official
statistics). An award counts in each list that its applicants ticked, so the lists do not add up to the whole.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from evaluation.reporting.report_content import Cell, ReportContent, Table
from portal import formats

Key = TypeVar("Key")
FEW = 5
# Units that count persons, whatever stands around the word: «pasienter per måned», «barn og unge».
PERSONS = re.compile(
    r"pasient|person|bruker|deltak|innbygg|barn|ungdom|unge\b|elev|pårørende|ansatt|kvinne|gravid|beboer|eldre",
    re.IGNORECASE,
)
SHARE = re.compile(r"prosent|%|andel", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Money:
    """What one call has given in the period."""

    title: str
    applied: int
    frame: int | None


@dataclass(frozen=True, slots=True)
class Award:
    """A grant that its applicants have been told of.

    ``lead`` has the money, ``partners`` are all who take part. ``terms`` are what the applicants ticked, by the title
    of the list. ``spent`` and ``started`` are None until they are told.
    """

    code: str
    title: str
    call: str
    lead: str
    partners: tuple[str, ...]
    amount: int
    by_year: Mapping[int, int]
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state: str = ""
    started: date | None = None
    spent: int | None = None
    is_declined: bool = False
    # Adopted in the period of the report, and not only followed in it.
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A benefit of an evaluated project: what was planned, and what was measured."""

    code: str
    project: str
    benefit: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    actual: Decimal | None = None
    words: str = ""
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What an evaluated project has written about one thing."""

    code: str
    project: str
    text: str


def reached(row: Measured) -> bool | None:
    """Whether the benefit came as far as planned; None when that is not known from numbers."""
    if row.baseline is None or row.target is None or row.actual is None:
        return None
    return row.actual >= row.target if row.target >= row.baseline else row.actual <= row.target


def with_unit(value: Decimal | None, unit: str) -> str:
    """The number with its unit; «færre enn 5» for so few persons that they could be known."""
    if value is None:
        return ""
    is_persons = PERSONS.search(unit) and not SHARE.search(unit)
    if is_persons and 0 < value < FEW:
        return _("færre enn %(n)s") % {"n": FEW}
    return f"{formats.number(value)} {unit}".strip()


# --- money ------------------------------------------------------------------------------------------------


def kept(awards: Iterable[Award]) -> list[Award]:
    """The grants of the period that are not declined."""
    return [award for award in awards if award.is_new and not award.is_declined]


def by_call(calls: Mapping[str, Money], awards: Sequence[Award]) -> Table:
    """A line for each call: how many applied, how many were granted, and the money under its frame."""
    new = [award for award in awards if award.is_new]
    grouped = _grouped(new, lambda award: [award.call])
    lines = []
    for code, call in calls.items():
        given = grouped.get(code, [])
        taken = [award for award in given if not award.is_declined]
        declined = sum(award.amount for award in given if award.is_declined)
        lines.append((call.title, call.applied, len(taken), call.frame, _sum(taken), declined))
    granted, declined = sum(line[4] for line in lines), sum(line[5] for line in lines)
    applied, projects = sum(line[1] for line in lines), sum(line[2] for line in lines)
    return Table(
        code="calls",
        title=_("Tilskudd etter utlysning"),
        columns=(
            (_("Utlysning"), "text"),
            (_("Søknader"), "number"),
            (_("Innvilget"), "number"),
            (_("Ramme"), "money"),
            (_("Innvilget beløp"), "money"),
            (_("Takket nei"), "money"),
        ),
        rows=tuple(lines),
        total=(_("Til sammen"), applied, projects, None, granted, declined) if lines else (),
        behind=tuple(_codes(grouped.get(code, [])) for code in calls),
        note=_("Ramme er hele året, delt med andre utlysninger under samme ramme."),
        picture=4,
    )


def by_party(awards: Iterable[Award]) -> Table:
    """A line for each party: how many projects it takes part in, how many it leads, and the money it has as leader."""
    granted = kept(awards)
    leads = _grouped(granted, lambda award: [award.lead])
    parts = _grouped(granted, lambda award: list(dict.fromkeys((award.lead, *award.partners))))
    names = sorted(parts, key=lambda name: (-_sum(leads.get(name, [])), name))
    return Table(
        code="parties",
        title=_("Tilskudd etter part"),
        columns=(
            (_("Part"), "text"),
            (_("Deltar i"), "number"),
            (_("Ansvarlig for"), "number"),
            (_("Tilskudd"), "money"),
        ),
        rows=tuple((name, len(parts[name]), len(leads.get(name, [])), _sum(leads.get(name, []))) for name in names),
        total=(_("Til sammen"), None, len(granted), _sum(granted)) if granted else (),
        behind=tuple(_codes(parts[name]) for name in names),
        note=_("Tilskuddet står ved den som er ansvarlig."),
    )


def by_year(awards: Iterable[Award]) -> Table:
    """The grants by the year that they are for."""
    granted = kept(awards)
    years = _grouped(granted, lambda award: [year for year, amount in award.by_year.items() if amount])
    sums = {year: sum(award.by_year[year] for award in given) for year, given in years.items()}
    return Table(
        code="years",
        title=_("Tilskudd etter år"),
        columns=((_("År"), "text"), (_("Prosjekter"), "number"), (_("Beløp"), "money")),
        rows=tuple((str(year), len(years[year]), sums[year]) for year in sorted(years)),
        total=(_("Til sammen"), None, sum(sums.values())) if sums else (),
        behind=tuple(_codes(years[year]) for year in sorted(years)),
    )


def by_lists(awards: Iterable[Award]) -> list[Table]:
    """A table for each list that applicants tick in: areas, patient groups, wanted effects. A line for each term."""
    granted = kept(awards)
    titles = dict.fromkeys(title for award in granted for title in award.terms)
    return [_by_list(title, number, granted) for number, title in enumerate(titles, 1)]


def _by_list(title: str, number: int, granted: Sequence[Award]) -> Table:
    terms = _grouped(granted, lambda award: award.terms.get(title, ()))
    names = sorted(terms, key=lambda name: (-_sum(terms[name]), name))
    return Table(
        code=f"list-{number}",
        title=title,
        columns=((title, "text"), (_("Prosjekter"), "number"), (_("Tilskudd"), "money")),
        rows=tuple((name, len(terms[name]), _sum(terms[name])) for name in names),
        behind=tuple(_codes(terms[name]) for name in names),
        note=_("Et prosjekt kan høre til flere, og teller da med hele beløpet i hver."),
        picture=2,
    )


def projects(awards: Iterable[Award]) -> Table:
    """A line for each project that is followed, with what is used of its grant."""
    listed = sorted(awards, key=lambda award: (award.is_declined, award.title))
    return Table(
        code="projects",
        title=_("Prosjektene"),
        columns=(
            (_("Prosjekt"), "text"),
            (_("Ansvarlig"), "text"),
            (_("Innvilget"), "money"),
            (_("Brukt"), "money"),
            (_("Driftsstart"), "date"),
            (_("Status"), "text"),
        ),
        rows=tuple(
            (
                award.title,
                award.lead,
                award.amount,
                award.spent,
                award.started.isoformat() if award.started else None,
                award.state,
            )
            for award in listed
        ),
        behind=tuple((award.code,) for award in listed),
        note=_("Brukt er det prosjektene selv har ført i evalueringen."),
    )


def in_short(content: ReportContent) -> list[tuple[str, str]]:
    """The chief figures, each with its label: what is granted, to how many, and what is used of it."""
    calls, followed = content.table("calls"), content.table("projects")
    facts = []
    if calls and calls.total:
        _label, applied, granted, _frame, amount, _declined = calls.total
        facts = [
            (_("Innvilget"), formats.kroner(_whole(amount))),
            (_("Prosjekter"), _("%(granted)s av %(applied)s innsendte") % {"granted": granted, "applied": applied}),
        ]
    spent = [_whole(row[3]) for row in followed.rows if row[3] is not None] if followed else []
    return [*facts, (_("Brukt"), formats.kroner(sum(spent)))] if spent else facts


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


# --- what came of it --------------------------------------------------------------------------------------


def benefits(rows: Sequence[Measured]) -> Table:
    """What was promised and what was measured, a line for each benefit."""
    words = {True: _("Nådd"), False: _("Ikke nådd"), None: _("Ikke målt med tall")}
    counts = [reached(row) for row in rows]
    note = _("%(reached)s av %(n)s nådde målet. %(rest)s er ikke målt med tall.") % {
        "reached": counts.count(True),
        "n": len(counts),
        "rest": counts.count(None),
    }
    return Table(
        code="benefits",
        title=_("Nytten: planlagt og målt"),
        columns=(
            (_("Prosjekt"), "text"),
            (_("Nytte"), "text"),
            (_("Før"), "text"),
            (_("Mål"), "text"),
            (_("Målt"), "text"),
            (_("Nådd"), "text"),
            (_("Oppnådd"), "text"),
        ),
        rows=tuple(
            (
                row.project,
                row.benefit,
                with_unit(row.baseline, row.unit),
                with_unit(row.target, row.unit),
                with_unit(row.actual, row.unit),
                words[reached(row)],
                row.words,
            )
            for row in rows
        ),
        behind=tuple((row.code,) for row in rows),
        note=note if rows else "",
    )


def deviations(rows: Iterable[Measured], texts: Iterable[Passage]) -> Table:
    """What did not go as planned: of each benefit, and of the project as a whole."""
    lines = [(row.code, row.project, row.benefit, row.deviation) for row in rows if row.deviation.strip()]
    lines += [(each.code, each.project, _("Prosjektet"), each.text) for each in texts]
    lines.sort(key=lambda line: line[1])
    return Table(
        code="deviations",
        title=_("Avvik som prosjektene har meldt"),
        columns=((_("Prosjekt"), "text"), (_("Gjelder"), "text"), (_("Avvik og årsak"), "text")),
        rows=tuple(line[1:] for line in lines),
        behind=tuple((line[0],) for line in lines),
    )


def spread(texts: Sequence[Passage]) -> Table:
    """What the projects say of where their work can be used."""
    return Table(
        code="spread",
        title=_("Erfaringer og spredning"),
        columns=((_("Prosjekt"), "text"), (_("Erfaringer og spredning"), "text")),
        rows=tuple((each.project, each.text) for each in texts),
        behind=tuple((each.code,) for each in texts),
    )


# --- what was received --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Received:
    """A report that a region has received; ``granted`` is None when it is not told to the reader."""

    sender: str
    title: str
    sent: date
    granted: int | None


def received(reports: Sequence[Received]) -> Table:
    """A line for each report that a region has received."""
    return Table(
        code="received",
        title=_("Rapporter fra helsefellesskapene"),
        columns=((_("Fra"), "text"), (_("Rapport"), "text"), (_("Sendt"), "date"), (_("Innvilget beløp"), "money")),
        rows=tuple((each.sender, each.title, each.sent.isoformat(), each.granted) for each in reports),
    )


# --- points -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Points:
    """The mean points of an application by the title of the criterion, and whether it was granted."""

    code: str
    means: Mapping[str, Decimal]
    is_granted: bool


def criteria(title: str, number: int, rows: Sequence[Points]) -> Table:
    """The mean points of each criterion, of those that were granted and of all that were assessed, in points."""
    names = dict.fromkeys(name for row in rows for name in row.means)
    granted = [row for row in rows if row.is_granted]
    return Table(
        code=f"criteria-{number}",
        title=_("Poeng etter kriterium: %(stage)s") % {"stage": title},
        columns=(
            (_("Kriterium"), "text"),
            (_("De innvilgede"), "text"),
            (_("Alle vurderte"), "text"),
        ),
        rows=tuple((name, _mean(granted, name), _mean(rows, name)) for name in names),
        behind=tuple(tuple(row.code for row in granted if name in row.means) for name in names),
        note=_("Snitt av poengene fra vurderne."),
    )


def _mean(rows: Iterable[Points], name: str) -> str:
    points = [row.means[name] for row in rows if name in row.means]
    return formats.number(sum(points, Decimal()) / len(points), 1) if points else ""


def _sum(awards: Iterable[Award]) -> int:
    return sum(award.amount for award in awards)


def _codes(awards: Iterable[Award]) -> tuple[str, ...]:
    return tuple(award.code for award in awards)


def _grouped(awards: Iterable[Award], keys: Callable[[Award], Iterable[Key]]) -> dict[Key, list[Award]]:
    groups: dict[Key, list[Award]] = defaultdict(list)
    for award in awards:
        for key in keys(award):
            groups[key].append(award)
    return groups
