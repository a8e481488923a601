"""Filters and tags that the templates of the room use, also for frozen plain data."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget

from applications.submissions import Part, Shown
from evaluation.assessment.queries.candidates import Candidate, tie_of_all
from evaluation.assessment.scoring import rounded
from evaluation.assessment.turn import Turn, turn_url
from portal import formats
from rounds.definition import Criterion, Scale

register = template.Library()

Choice = tuple[Candidate, BoundWidget | None]
# So many others are folded.
FOLDED_FROM = 4


@register.filter
def moment(value: str | datetime | None) -> str:
    """A moment, also one that was frozen as text, as date and time in Oslo."""
    if not value:
        return formats.MISSING
    return formats.datetime_no(datetime.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def points(value: Decimal | str | None) -> str:
    """A score with two decimals, «65,00», so that the numbers of a column are aligned."""
    if value is None or value == "":
        return formats.MISSING
    return f"{rounded(Decimal(value)):f}".replace(".", ",")


@register.simple_tag
def scale_of(criterion: Criterion, turn: Turn) -> Scale | None:
    """The scale of a criterion, with the meaning of its points."""
    return turn.round.spec.scale(criterion.scale)


@register.simple_tag
def answers_of(criterion: Criterion, view: Shown | None) -> list[Part]:
    """The answers that the round file links to the criterion, in the order of the form."""
    parts = [part for section in view.sections for part in section.parts] if view else []
    return [part for part in parts if part.code in criterion.questions]


@register.simple_tag
def with_buttons(field: BoundField, candidates: Sequence[Candidate]) -> list[Choice]:
    """Each candidate with the box or the button of the field that chooses the person; None when that cannot be done."""
    buttons = {int(str(button.data["value"])): button for button in field}
    return [(candidate, buttons.get(candidate.pk)) for candidate in candidates]


@register.simple_tag
def folded_candidates(
    rows: Sequence[Choice], *, of_one: object = False
) -> tuple[Sequence[Choice], Sequence[Choice], bool]:
    """Those who assess in the round already, the others to fold, and whether one of these is chosen.

    Nobody is folded while nobody assesses, or when the others are few. Where one application is given to one more
    (``of_one``), those who assess have it already: then those with a tie to it are folded.
    """
    first = [row for row in rows if row[0].given]
    if of_one and not first:
        first = [row for row in rows if not row[0].ties]
    others = [row for row in rows if row not in first]
    if not first or len(others) < FOLDED_FROM:
        return rows, [], False
    return first, others, any(button and button.data["selected"] for _candidate, button in others)


@register.filter
def has_ties(rows: Sequence[Choice], of_all: str) -> bool:
    """Whether there is a tie to tell of one of them, beside the tie ``of_all``."""
    people = [candidate for candidate, _button in rows]
    return any(one.is_office or one.has_strong_tie or (one.ties and not of_all) for one in people)


@register.filter
def has_asked(rows: Sequence[Choice]) -> bool:
    """Whether one of them was asked about habilitet: else a column of the table says nothing."""
    return any(candidate.is_asked for candidate, _button in rows)


register.simple_tag(turn_url)
register.simple_tag(tie_of_all)
