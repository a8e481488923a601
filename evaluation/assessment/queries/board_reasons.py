"""What must be reasoned on a board before its list can be locked, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries.board import Row


class Kind(StrEnum):
    """What the reason is for."""

    RECOMMENDATION = "recommendation"  # the outcome, which must have been chosen
    ORDER = "order"  # a rank that departs from the points
    THRESHOLD = "threshold"  # money although the application is below a threshold


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a row needs, with its text; empty when it is missing."""

    row: Row
    kind: Kind
    text: str = ""


def needed(board: Sequence[Row]) -> list[Reason]:
    """The reasons that the rows need, from the top: of recommendations those that are missing, of the others all."""
    out_of_order = {row.pk for row in boards.unexplained(board)}
    return [reason for row in board for reason in _of(row, is_out_of_order=row.pk in out_of_order)]


def _of(row: Row, *, is_out_of_order: bool) -> Iterator[Reason]:
    if not row.is_ready:
        yield Reason(row, Kind.RECOMMENDATION)
    if is_out_of_order or row.order_reason:
        yield Reason(row, Kind.ORDER, row.order_reason)
    if row.is_below:
        yield Reason(row, Kind.THRESHOLD, row.threshold_reason)


def missing(reasons: Iterable[Reason], *kinds: Kind) -> list[Row]:
    """The rows that lack a reason of these kinds."""
    return [reason.row for reason in reasons if reason.kind in kinds and not reason.text]


def first_not_ready(priority_list: PriorityList) -> tuple[str, int | None, str] | None:
    """The code, rank and title of the first application without an outcome and a reason; one query."""
    waiting = boards.listed(priority_list).exclude(outcome__gt="", reason__gt="")
    return waiting.values_list("application__code", "rank", "application__title").first()
