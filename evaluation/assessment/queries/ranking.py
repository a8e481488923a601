"""The ranking of a turn: places and running sums by window functions of the database, fifty rows a page."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, RowRange, Sum, Window
from django.db.models.functions import Coalesce, Rank

from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Order, PriorityList, Result
from evaluation.assessment.portfolio import EarlierRank
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.habilitet import barred
from evaluation.assessment.queries.packages import forwarded_to
from evaluation.assessment.turn import Turn, address
from rounds.outcomes import AWARDS

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the ranking. When ``closed``, the page hides the scores and what follows from them."""

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
    def url(self) -> str:
        """The address of the application with its assessments."""
        return address("detail", self.code)

    @property
    def is_tied(self) -> bool:
        """Whether others have the same score."""
        return self.total is not None and self.alike > 1


BY_SCORE = F("result__total").desc(nulls_last=True)
ORDER = (BY_SCORE, F("submitted_at").asc(), F("pk").asc())


def running(turn: Turn) -> QuerySet[Any]:
    """The turn's applications by score, those without one last, each with the running sum asked for (kroner)."""
    applications = turns.assessable(turn).annotate(
        result=FilteredRelation("results", condition=Q(results__stage=turn.stage))
    )
    amount = Coalesce("requested_amount", 0)
    return applications.annotate(running=Window(Sum(amount), order_by=ORDER, frame=RowRange(start=None, end=0)))


def page(ranked: QuerySet[Any], summary: "Summary", user_id: int | None, start: int) -> list[Row]:
    """The fifty rows from ``start`` of ``running``, of which the summary tells; one query.

    The line of the frame comes after the last row that it is enough for, when there are more rows. One more row is
    read at each end, to see a tie across two pages.
    """
    first = max(start - 1, 0)
    records = list(_values(ranked, user_id)[first : start + PER_PAGE + 1])
    within = summary.within
    alike = Counter(value[0] for value in records)
    shown = records[start - first : start - first + PER_PAGE]
    last = within - 1 if within is not None and within < summary.count else None
    return [_row(value, start + index, within, last, alike[value[0]]) for index, value in enumerate(shown)]


def _values(ranked: QuerySet[Any], user_id: int | None) -> QuerySet[Any, tuple[Any, ...]]:
    placed = ranked.annotate(place=Window(Rank(), order_by=BY_SCORE), is_closed=barred(user_id))
    return placed.order_by(*ORDER).values_list(
        "place",
        "code",
        "title",
        "community__name",
        turns.LEAD_NAME,
        "requested_amount",
        "result__total",
        "result__median",
        "result__spread",
        "result__delivered",
        "result__must_discuss",
        "result__meets_thresholds",
        "running",
        "is_closed",
    )


def _row(value: tuple[Any, ...], index: int, within: int | None, last: int | None, alike: int) -> Row:
    rank, code, title, community, lead, requested, *result = value
    total, median, spread, delivered, must_discuss, meets_thresholds, running_sum, closed = result
    return Row(
        code=code,
        title=title,
        community=community,
        lead=lead,
        requested=requested,
        total=total,
        median=median,
        spread=spread,
        delivered=delivered or 0,
        must_discuss=bool(must_discuss),
        meets_thresholds=meets_thresholds is not False,
        place=rank,
        alike=alike,
        running=running_sum,
        closed=closed,
        is_within=within is None or index < within,
        is_last_within=index == last,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts and the sum (kroner) of the whole ranking.

    ``within`` is the number of applications from the top that the frame is enough for; None without a frame.
    """

    count: int
    scored: int
    requested: int
    must_discuss: int
    within: int | None = None


def summary(ranked: QuerySet[Any], available: int | None) -> Summary:
    """The summary of ``running``; ``available`` is what is left of the frame, None without one. One query."""
    figures = {
        "count": Count("pk"),
        "scored": Count("result__total"),
        "requested": Coalesce(Sum("requested_amount"), 0),
        "must_discuss": Count("pk", filter=Q(result__must_discuss=True)),
    }
    if available is not None:
        figures["within"] = Count("pk", filter=Q(running__lte=available))
    return Summary(**ranked.aggregate(**figures))


def proposed(turn: Turn, priority_list: PriorityList | None) -> tuple[Order, list[int]]:
    """The ids of the applications that are not on the list yet, and what they are ordered by.

    They are ordered by their scores in the turn, those without one last. When nobody has scored in a later stage, they
    are ordered by the ranks on the lists that they were forwarded with (``portfolio.interleaved``). Otherwise, and
    among equals, they come in the order in which they were sent.
    """
    taken = set(priority_list.recommendations.values_list("application_id", flat=True)) if priority_list else set()
    sent = dict(turns.assessable(turn).order_by("submitted_at", "pk").values_list("pk", "code"))
    waiting = {pk: code for pk, code in sent.items() if pk not in taken}
    totals = dict(Result.objects.filter(stage=turn.stage, total__isnull=False).values_list("application_id", "total"))
    if any(pk in totals for pk in sent):
        return Order.SCORE, [rank.key for rank in scoring.ranks({pk: totals.get(pk) for pk in waiting})]
    places = {} if turn.is_first else _places_before(turn)
    if not places:
        return Order.SENT, list(waiting)
    by_code = {code: pk for pk, code in waiting.items()}
    lines = [places.get(code, EarlierRank(code, None)) for code in by_code]
    return Order.BEFORE if turn.community else Order.HOME, [by_code[code] for code in portfolio.interleaved(lines)]


def _places_before(turn: Turn) -> dict[str, EarlierRank[str]]:
    """The rank of each application on the frozen list that it was forwarded with, by code; one query."""
    packages = forwarded_to(turn)
    return {
        row["code"]: EarlierRank(
            row["code"],
            row["rank"],
            is_awarded=row["outcome"] in AWARDS,
            total=Decimal(row["total"]) if row["total"] is not None else None,
        )
        for snapshot in packages.values_list("document__snapshot", flat=True)
        for row in snapshot["list"]["rows"]
    }
