"""The ranking of a turn: places and running sums by the database's window functions, fifty rows a page."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, RowRange, Subquery, Sum, Window
from django.db.models.functions import Coalesce, Rank

from applications.models import Partner, PartnerRole
from evaluation.assessment.permissions import barred
from evaluation.assessment.queries.turns import Turn

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the order of its score. ``closed`` hides what the person may not see."""

    code: str
    title: str
    community: str
    lead: str
    requested: int | None
    total: Decimal | None
    median: Decimal | None
    spread: Decimal | None
    delivered: int
    must_discuss: bool
    meets_thresholds: bool
    place: int
    alike: int
    running: int
    closed: bool
    is_within: bool = True
    is_last_within: bool = False

    @property
    def is_tied(self) -> bool:
        """Whether others have the same score."""
        return self.total is not None and self.alike > 1


def ranked(turn: Turn) -> QuerySet[Any]:
    """The turn's applications by score with place, ties and running sum; those without a score last."""
    found = turn.assessable.annotate(result=FilteredRelation("results", condition=Q(results__stage=turn.stage)))
    by_score = F("result__total").desc(nulls_last=True)
    order = [by_score, F("submitted_at").asc(), F("pk").asc()]
    return found.annotate(
        place=Window(Rank(), order_by=by_score),
        alike=Window(Count("pk"), partition_by="result__total"),
        running=Window(Sum(Coalesce("requested_amount", 0)), order_by=order, frame=RowRange(start=None, end=0)),
    ).order_by(*order)


def page(turn: Turn, user_id: int | None, start: int, within: int | None) -> list[Row]:
    """Fifty rows from the start, and whether each is above the line; one query."""
    lead = Partner.objects.filter(application=OuterRef("pk"), role=PartnerRole.LEAD).values("organisation__name")[:1]
    values = (
        ranked(turn)
        .annotate(is_closed=barred(user_id))
        .values_list(
            "code",
            "title",
            "community__name",
            Subquery(lead),
            "requested_amount",
            "result__total",
            "result__median",
            "result__spread",
            "result__delivered",
            "result__must_discuss",
            "result__meets_thresholds",
            "place",
            "alike",
            "running",
            "is_closed",
        )
    )
    return [_row(value, start + index, within) for index, value in enumerate(values[start : start + PER_PAGE])]


def _row(value: tuple[Any, ...], index: int, within: int | None) -> Row:
    *front, delivered, must_discuss, meets, place, alike, running, closed = value
    above = within is None or index < within
    last = within is not None and index == within - 1
    judged = (delivered or 0, bool(must_discuss), meets is not False)
    return Row(*(*front, *judged, place, alike, running, closed, above, last))


def within_frame(turn: Turn) -> int | None:
    """How many applications from the top the frame is enough for; None without a frame. One query."""
    if turn.frame is None:
        return None
    return ranked(turn).filter(running__lte=turn.frame).count()


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole ranking in figures."""

    count: int
    scored: int
    requested: int
    must_discuss: int


def summary(turn: Turn) -> Summary:
    """How many there are, how many have a score, what they ask for, and how many must be discussed; one query."""
    found = turn.assessable.annotate(
        result=FilteredRelation("results", condition=Q(results__stage=turn.stage))
    ).aggregate(
        count=Count("pk"),
        scored=Count("result__total"),
        requested=Coalesce(Sum("requested_amount"), 0),
        must_discuss=Count("pk", filter=Q(result__must_discuss=True)),
    )
    return Summary(**found)
