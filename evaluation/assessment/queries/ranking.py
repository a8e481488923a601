"""The ranking of a turn: running sums by a window function of the database, fifty rows a page."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, RowRange, Sum, Window
from django.db.models.functions import Coalesce

from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Order, PriorityList, Result
from evaluation.assessment.portfolio import EarlierRank
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.habilitet import ClosedCases
from evaluation.assessment.queries.packages import forwarded_to
from evaluation.assessment.turn import Turn, address
from rounds.outcomes import AWARDS

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the ranking."""

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


def titles_closed(turn: Turn, closed: ClosedCases) -> list[str]:
    """The titles of the turn's applications that are closed to the person; one query, none when none is closed."""
    if closed.barred is None:
        return []
    return list(turns.assessable(turn).filter(closed.barred).order_by("title", "pk").values_list("title", flat=True))


def page(
    turn: Turn, closed: ClosedCases, summary: "Summary", *, available: int | None, start: int
) -> tuple[list[Row], int | None]:
    """Fifty rows of the ranking from ``start``, and how many from the top ``available`` kroner are enough for.

    Those that are ``closed`` to the person are left out, of places and sums too: a place or a sum would tell of them.
    The number is None when ``available`` is. The line of the frame comes after the last row that it is enough for, when
    there are more rows. One more row is read at each end, to see a tie across two pages. One query, one more when such
    a tie goes back to an earlier page, and one more when the line of the frame is on another page.
    """
    first = max(start - 1, 0)
    ranked = _ranked(turn, closed)
    records = list(_values(ranked)[first : start + PER_PAGE + 1])
    within = _within(ranked, summary, [record["running"] for record in records], first, available)
    last = within - 1 if within is not None and within < summary.count else None
    alike = Counter(record["result__total"] for record in records)
    places = _places(_with_result(turn, closed), summary, [record["result__total"] for record in records], first)
    rows = [
        _row(
            record,
            position,
            alike[record["result__total"]],
            is_within=within is None or index < within,
            is_last_within=index == last,
        )
        for index, (record, position) in enumerate(zip(records, places, strict=True), start=first)
    ]
    return rows[start - first : start - first + PER_PAGE], within


def _with_result(turn: Turn, closed: ClosedCases) -> QuerySet[Any]:
    open_to_reader = turns.assessable(turn) if closed.barred is None else turns.assessable(turn).exclude(closed.barred)
    return open_to_reader.annotate(result=FilteredRelation("results", condition=Q(results__stage=turn.stage)))


def _ranked(turn: Turn, closed: ClosedCases) -> QuerySet[Any]:
    """The turn's applications by score, those without one last, each with the running sum asked for (kroner)."""
    amount = Coalesce("requested_amount", 0)
    window = Window(Sum(amount), order_by=ORDER, frame=RowRange(start=None, end=0))
    return _with_result(turn, closed).annotate(running=window)


def _values(ranked: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    shown = ("code", "title", "community__name", "requested_amount", "running", "lead")
    result = ("total", "median", "spread", "delivered", "must_discuss", "meets_thresholds")
    records = ranked.annotate(lead=turns.LEAD_NAME).order_by(*ORDER)
    return records.values(*shown, *(f"result__{name}" for name in result))


def _within(
    ranked: QuerySet[Any], summary: "Summary", sums: list[int], first: int, available: int | None
) -> int | None:
    """The number of applications from the top that ``available`` is enough for.

    ``sums`` are the running sums from the application at ``first``. Sums only rise, so the number is known when the
    line of the frame is among them.
    """
    if available is None:
        return None
    if summary.requested <= available:
        return summary.count
    enough_for = sum(amount <= available for amount in sums)
    if enough_for < len(sums) and (enough_for or not first):
        return first + enough_for
    return int(ranked.filter(running__lte=available).count())


def _places(with_result: QuerySet[Any], summary: "Summary", totals: list[Decimal | None], first: int) -> list[int]:
    """The place of each of ``totals``, which come from ``first``; equal scores have one place, the best of them."""
    places: list[int] = []
    for index, total in enumerate(totals):
        places.append(places[-1] if index and total == totals[index - 1] else first + index + 1)
    if first and len(set(totals[:2])) < len(totals[:2]):
        best = 1 + (summary.scored if totals[0] is None else with_result.filter(result__total__gt=totals[0]).count())
        places = [best if total == totals[0] else position for position, total in zip(places, totals, strict=True)]
    return places


def _row(record: dict[str, Any], position: int, alike: int, *, is_within: bool, is_last_within: bool) -> Row:
    return Row(
        code=record["code"],
        title=record["title"],
        community=record["community__name"],
        lead=record["lead"],
        requested=record["requested_amount"],
        total=record["result__total"],
        median=record["result__median"],
        spread=record["result__spread"],
        delivered=record["result__delivered"] or 0,
        must_discuss=bool(record["result__must_discuss"]),
        meets_thresholds=record["result__meets_thresholds"] is not False,
        place=position,
        alike=alike,
        running=record["running"],
        is_within=is_within,
        is_last_within=is_last_within,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts and the sum (kroner) of the whole ranking."""

    count: int
    scored: int
    requested: int
    must_discuss: int


def summary(turn: Turn, closed: ClosedCases) -> Summary:
    """The summary of the turn's ranking without what is closed; one query, which sorts nothing."""
    return Summary(
        **_with_result(turn, closed).aggregate(
            count=Count("pk"),
            scored=Count("result__total"),
            requested=Coalesce(Sum("requested_amount"), 0),
            must_discuss=Count("pk", filter=Q(result__must_discuss=True)),
        )
    )


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
