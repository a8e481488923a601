"""The ranking of a turn: places and running sums, fifty rows a page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import Count, FilteredRelation, Q, QuerySet, RowRange, Sum, Window
from django.db.models.functions import Coalesce

from applications.models import UNSCORED, StageEntry
from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Order, PriorityList
from evaluation.assessment.portfolio import EarlierRank
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.board import outside
from evaluation.assessment.queries.closed import ClosedCases
from evaluation.assessment.queries.packages import forwarded_to
from evaluation.assessment.turn import Turn, address
from rounds.outcomes import AWARDS

PER_PAGE = 50
RESULT = ("total", "median", "spread", "delivered", "must_discuss", "meets_thresholds", "criteria", "totals")


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the ranking."""

    application_id: int
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
    # As ``Result`` holds them.
    criteria: Mapping[str, tuple[str, str]]
    totals: Sequence[str]
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


# By score, those without one last.
ORDER = ("-total", "submitted_at", "application_id")


def titles_closed(turn: Turn, closed: ClosedCases) -> list[str]:
    """The titles of the turn's applications that are closed to the person; one query, none when none is closed."""
    if closed.barred is None:
        return []
    titles = turns.ranked(turn).filter(closed.barred).order_by("application__title", "application_id")
    return list(titles.values_list("application__title", flat=True))


def page(
    turn: Turn, closed: ClosedCases, summary: "Summary", *, available: int | None, start: int
) -> tuple[list[Row], int | None]:
    """Fifty rows of the ranking from ``start``, and how many from the top ``available`` kroner are enough for.

    Those that are ``closed`` to the person are left out, of places and sums too: a place or a sum would tell of them.
    The number is None when ``available`` is. The line of the frame comes after the last row that it is enough for, when
    there are more rows. One more row is read at each end, to see a tie across two pages. Two queries, one more for
    the sum of the pages before, one more when a tie goes back to an earlier page, and one more when the line of the
    frame is on another page.
    """
    first = max(start - 1, 0)
    ranked = _open_to_reader(turn, closed).order_by(*ORDER)
    read = list(ranked.values_list("application_id", "total", "requested_amount")[first : start + PER_PAGE + 1])
    above = (ranked[:first].aggregate(sum=Sum("requested_amount"))["sum"] or 0) if first else 0
    sums = list(accumulate((asked or 0 for _pk, _total, asked in read), initial=above))[1:]
    totals = [total for _pk, total, _asked in read]
    within = _within(ranked, summary, sums, first, available)
    last = within - 1 if within is not None and within < summary.count else None
    alike, shown = Counter(totals), _shown(turn, [pk for pk, _total, _asked in read])
    places = _places(ranked, totals, first)
    rows = [
        _row(
            shown[pk],
            position,
            alike[total],
            running,
            is_within=within is None or index < within,
            is_last_within=index == last,
        )
        for index, ((pk, total, _asked), running, position) in enumerate(
            zip(read, sums, places, strict=True), start=first
        )
    ]
    return rows[start - first : start - first + PER_PAGE], within


def not_listed(turn: Turn, closed: ClosedCases, priority_list: PriorityList) -> list[Row]:
    """The first fifty of those that are not on the list yet, by score, without what is ``closed``; two queries.

    They have no place: they get one on the list.
    """
    waiting = outside(_open_to_reader(turn, closed), priority_list).order_by(*ORDER)
    keys = list(waiting.values_list("application_id", flat=True)[:PER_PAGE])
    shown = _shown(turn, keys)
    return [_row(shown[pk], 0, 0, 0, is_within=True, is_last_within=False) for pk in keys]


def _open_to_reader(turn: Turn, closed: ClosedCases) -> QuerySet[StageEntry]:
    return turns.ranked(turn) if closed.barred is None else turns.ranked(turn).exclude(closed.barred)


def _shown(turn: Turn, keys: list[int]) -> dict[int, dict[str, Any]]:
    """What is shown of these applications, by their ids; one query."""
    entries = turns.entries(turn).filter(application__in=keys)
    of_stage = Q(application__results__stage=turn.stage)
    joined = entries.annotate(
        result=FilteredRelation("application__results", condition=of_stage), lead=turns.lead_name()
    )
    of_application = (f"application__{name}" for name in ("code", "title", "community__name"))
    result = (f"result__{name}" for name in RESULT)
    records = joined.values("application_id", "requested_amount", "lead", *of_application, *result)
    return {record["application_id"]: record for record in records}


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
    amount = Coalesce("requested_amount", 0)
    window = Window(Sum(amount), order_by=ORDER, frame=RowRange(start=None, end=0))
    return int(ranked.annotate(running=window).filter(running__lte=available).count())


def _places(ranked: QuerySet[StageEntry], totals: list[Decimal], first: int) -> list[int]:
    """The place of each of ``totals``, which come from ``first``; equal scores have one place, the best of them."""
    places: list[int] = []
    for index, total in enumerate(totals):
        places.append(places[-1] if index and total == totals[index - 1] else first + index + 1)
    if first and len(set(totals[:2])) < len(totals[:2]):
        best = 1 + ranked.filter(total__gt=totals[0]).count()
        places = [best if total == totals[0] else position for position, total in zip(places, totals, strict=True)]
    return places


def _row(
    record: dict[str, Any], position: int, alike: int, running: int, *, is_within: bool, is_last_within: bool
) -> Row:
    return Row(
        application_id=record["application_id"],
        code=record["application__code"],
        title=record["application__title"],
        community=record["application__community__name"],
        lead=record["lead"],
        requested=record["requested_amount"],
        total=record["result__total"],
        median=record["result__median"],
        spread=record["result__spread"],
        delivered=record["result__delivered"] or 0,
        must_discuss=bool(record["result__must_discuss"]),
        meets_thresholds=record["result__meets_thresholds"] is not False,
        criteria=record["result__criteria"] or {},
        totals=record["result__totals"] or (),
        place=position,
        alike=alike,
        running=running,
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
        **_open_to_reader(turn, closed).aggregate(
            count=Count("*"),
            scored=Count("application", filter=Q(total__gt=UNSCORED)),
            requested=Coalesce(Sum("requested_amount"), 0),
            must_discuss=Count("application", filter=Q(must_discuss=True)),
        )
    )


def first_order(turn: Turn) -> Order:
    """What the applications of the turn are ordered by on a new list; one or two queries.

    They are ordered by their scores in the turn. When nobody has scored in a later stage, they are ordered by the ranks
    on the lists that they were forwarded with. Otherwise they come in the order in which they were sent.
    """
    if turns.ranked(turn).filter(total__gt=UNSCORED).exists():
        return Order.SCORE
    if turn.is_first or not _places_before(turn):
        return Order.SENT
    return Order.BEFORE if turn.community else Order.HOME


def proposed(turn: Turn, priority_list: PriorityList | None) -> tuple[Order, list[int]]:
    """The ids of the applications that are not on the list yet, and what they are ordered by (``first_order``).

    By score those without one come last; lists from before are interleaved (``portfolio.interleaved``). Equals come in
    the order in which they were sent.
    """
    taken = set(priority_list.recommendations.values_list("application_id", flat=True)) if priority_list else set()
    sent = turns.ranked(turn).order_by("submitted_at", "application_id")
    read = sent.values_list("application_id", "application__code", "total")
    waiting = [(pk, code, total) for pk, code, total in read if pk not in taken]
    order = first_order(turn)
    if order == Order.SCORE:
        totals = {pk: None if total == UNSCORED else total for pk, _code, total in waiting}
        return order, [rank.key for rank in scoring.ranks(totals)]
    if order == Order.SENT:
        return order, [pk for pk, _code, _total in waiting]
    places = _places_before(turn)
    by_code = {code: pk for pk, code, _total in waiting}
    lines = [places.get(code, EarlierRank(code, None)) for code in by_code]
    return order, [by_code[code] for code in portfolio.interleaved(lines)]


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
