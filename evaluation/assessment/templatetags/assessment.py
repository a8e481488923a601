"""What the room's templates need to show plain data that was frozen."""

from datetime import datetime
from decimal import Decimal

from django import template

from applications.submissions import Part, Shown
from evaluation.assessment.scoring import rounded
from evaluation.assessment.turn import Turn, turn_url
from portal import formats
from rounds.definition import Criterion, Scale

register = template.Library()


@register.filter
def moment(value: str | datetime | None) -> str:
    """A moment that was frozen as text, on Oslo's clocks."""
    if not value:
        return formats.MISSING
    return formats.datetime_no(datetime.fromisoformat(value) if isinstance(value, str) else value)


@register.filter
def points(value: Decimal | str | None) -> str:
    """A score with two decimals, whole or not, so that the numbers of a column stand under each other: «65,00»."""
    if value is None or value == "":
        return formats.MISSING
    return f"{rounded(Decimal(value)):f}".replace(".", ",")


@register.simple_tag
def scale_of(criterion: Criterion, turn: Turn) -> Scale | None:
    """The scale of a criterion, with what its points mean."""
    return turn.round.spec.scale(criterion.scale)


@register.simple_tag
def answers_of(criterion: Criterion, view: Shown | None) -> list[Part]:
    """The answers on the page that the round says belong to the criterion, in the order of the form."""
    parts = [part for section in view.sections for part in section.parts] if view else []
    return [part for part in parts if part.code in criterion.questions]


register.simple_tag(turn_url)
