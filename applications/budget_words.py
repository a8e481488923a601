"""The stored budget as plain lines, and what does not add up in it as sentences for the applicants."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from applications.budget import Line, Problem, Rules, problems
from applications.models import BudgetLine
from portal.formats import kroner

SENTENCES: dict[str, Any] = {
    "no_amount": _lazy("Skriv hvor mye dere søker om, i hele kroner."),
    "amount_not_positive": _lazy("Søknadsbeløpet må være større enn 0 kr."),
    "amount_too_low": _lazy("Søknadsbeløpet må være minst %(limit)s."),
    "amount_too_high": _lazy("Søknadsbeløpet kan være høyst %(limit)s."),
    "no_lines": _lazy("Budsjettet er tomt. Legg til minst én kostnad."),
    "grant_below": _lazy(
        "Budsjettet bruker %(grant)s av tilskuddet, men dere søker om %(requested)s. Det mangler %(difference)s."
    ),
    "grant_above": _lazy(
        "Budsjettet bruker %(grant)s av tilskuddet, men dere søker om %(requested)s. Det er %(difference)s for mye."
    ),
    "no_own": _lazy("Dere har ikke ført noen egeninnsats i budsjettet."),
    "negative": _lazy("Et beløp kan ikke være mindre enn 0 kr."),
    "year_outside": _lazy("Året er ikke et av årene som runden gjelder."),
    "unknown_cost_type": _lazy("Kostnadstypen finnes ikke i denne runden."),
    "grant_in_kind": _lazy("Tilskuddet er penger og kan ikke føres som egeninnsats."),
    "in_kind_closed": _lazy("Denne runden tar bare med egeninnsats i penger."),
    "other_closed": _lazy("Denne runden tar ikke med andre midler i budsjettet."),
    "own_without_payer": _lazy("Velg hvilken partner som betaler egeninnsatsen."),
}


def plain_lines(lines: Iterable[BudgetLine]) -> list[Line]:
    """The stored lines for the arithmetic of ``budget``. A half-filled line is left out."""
    return [
        Line(
            year=line.year or 0,
            cost_type=line.cost_type,
            amount=line.amount or 0,
            source=line.source,
            form=line.form,
            payer=str(line.payer_id or ""),
            number=number,
        )
        for number, line in enumerate(lines, start=1)
        if line.is_whole
    ]


def sentences(stored: Sequence[BudgetLine], rules: Rules, requested: int | None) -> tuple[list[str], list[str]]:
    """Sentences about the stored budget: what must be put right before sending, and warnings."""
    lines = plain_lines(stored)
    all_problems = problems(lines, rules, requested, has_unfinished=len(lines) < len(stored))
    hindrances = [*unfinished(stored), *(sentence(item, lines) for item in all_problems if not item.is_warning)]
    return hindrances, [sentence(item, lines) for item in all_problems if item.is_warning]


def sentence(problem: Problem, lines: Sequence[Line]) -> str:
    """The sentence, with the figures and the lines involved («Linje 2 og 3: …») by their numbers on the page."""
    text = str(SENTENCES[problem.kind]) % {name: kroner(figure) for name, figure in problem.figures.items()}
    if not problem.lines or problem.figures:
        return text
    numbers = [str(lines[index].number) for index in problem.lines]
    listed = _(" og ").join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))
    return ngettext("Linje %(lines)s: %(text)s", "Linjene %(lines)s: %(text)s", len(numbers)) % {
        "lines": listed,
        "text": text,
    }


def unfinished(lines: Iterable[BudgetLine]) -> Iterator[str]:
    """What half-filled lines lack; they are kept, and count in the sums when they are whole."""
    for number, line in enumerate(lines, start=1):
        lacking = [
            label
            for value, label in (
                (line.year, _("År")),
                (line.cost_type, _("Kostnadstype")),
                (line.source, _("Hvem betaler")),
                (line.form or not line.source, _("Form")),
                (line.amount is not None, _("Beløp")),
            )
            if not value
        ]
        if lacking:
            words = {"labels": ", ".join(f"«{label}»" for label in lacking), "number": number}
            yield _("Fyll ut %(labels)s i kostnad %(number)s i budsjettet.") % words
