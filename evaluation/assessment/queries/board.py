"""The board of a turn: its rows as the pages show them, and its frozen list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from applications.models import Application, Partner, PartnerRole, StageEntry, Submission
from applications.workflow import GONE, StageState
from evaluation.assessment import portfolio, scoring
from evaluation.assessment.documents import PRIORITY_LIST
from evaluation.assessment.models import PriorityList, Recommendation, Result, StageAct
from evaluation.assessment.portfolio import Drawn, Entry, Line
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.closed import ClosedCases, closed_ids, is_out_under_frame
from evaluation.assessment.turn import Turn
from portal.communities.standing import Standing
from portal.documents.models import Document
from rounds.outcomes import AWARDS

LIST_CLOSED = gettext_noop("En sak på listen er stengt for deg. Be en kollega flytte sakene.")


@dataclass(frozen=True, slots=True)
class Row:
    """One application on the board, with its recommendation and its result in the stage."""

    pk: int
    application_id: int
    code: str
    title: str
    community: str
    lead: str
    requested: int | None
    rank: int | None
    outcome: str
    amount: int | None
    reason: str
    conditions: str
    order_reason: str
    threshold_reason: str
    total: Decimal | None
    spread: Decimal | None
    must_discuss: bool
    meets_thresholds: bool
    delivered: int
    # As ``Result`` holds them.
    criteria: Mapping[str, tuple[str, str]]
    totals: Sequence[str]

    @property
    def is_below(self) -> bool:
        """Whether the application is recommended for money although it is below a threshold of the stage."""
        return not self.meets_thresholds and self.outcome in AWARDS

    @property
    def is_ready(self) -> bool:
        """Whether the recommendation has an outcome and a reason."""
        return bool(self.outcome and self.reason)


def listed(priority_list: PriorityList) -> QuerySet[Recommendation]:
    """The recommendations of applications that are not withdrawn or closed, from the top."""
    rows = priority_list.recommendations.order_by("rank", "pk")
    # A page asks once whether any is (``turns.priority_list_of``), since to leave them out of each of its queries takes
    # longer. The list that an act holds was not asked so: it may have changed while the act waited.
    if not getattr(priority_list, "has_gone", True):
        return rows
    here = {"stage": priority_list.stage_id, "community": priority_list.community_id}
    gone = StageEntry.objects.filter(**here, status__in=GONE).values("application")
    return rows.exclude(application__in=gone)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is said of the whole board: the number of rows, and the sum recommended for them (kroner).

    ``waiting`` lack an outcome or a reason; ``assessed`` have a delivered assessment, ``few`` of these fewer than the
    stage is to have, and ``below`` of these a result under a threshold.
    """

    count: int = 0
    total: int = 0
    waiting: int = 0
    assessed: int = 0
    few: int = 0
    below: int = 0

    @property
    def unassessed(self) -> int:
        """How many have no delivered assessment."""
        return self.count - self.assessed


def sums(priority_list: PriorityList | None, turn: Turn) -> Sums:
    """The sums of the whole board; three queries that each read an index alone, where one would read the tables."""
    if priority_list is None:
        return Sums()
    board = listed(priority_list).order_by()
    # An amount is written for an award alone (``assessment_amount_when_awarded``).
    recommended = board.aggregate(count=Count("pk"), total=Coalesce(Sum("amount"), 0))
    results = Result.objects.filter(stage=turn.stage, delivered__gt=0, application__in=board.values("application"))
    delivered = results.aggregate(
        assessed=Count("application"),
        few=Count("application", filter=Q(delivered__lt=turn.spec.assessors)),
        below=Count("application", filter=Q(meets_thresholds=False)),
    )
    return Sums(**recommended, **delivered, waiting=unwritten(priority_list).order_by().count())


def unwritten(priority_list: PriorityList) -> QuerySet[Recommendation]:
    """The recommendations on the board that lack an outcome or a reason."""
    return listed(priority_list).filter(Q(outcome="") | Q(reason=""))


def page(
    priority_list: PriorityList, turn: Turn, positions: range, count: int, closed: Collection[int] = ()
) -> list[tuple[Row, Line[int]]]:
    """The rows at these positions of the board with their running sums, for one to whom ``closed`` (ids) are closed.

    ``rank`` is the place on the board. When any are closed they come last, and no row has one: the places of the others
    would tell theirs.

    One query when they are the whole board of ``count`` rows; else three, two for the first page. One more row is read
    then, to see whether what is left of the frame ends with the last.
    """
    shown_order = _closed_last(listed(priority_list), closed)
    if len(positions) == count:
        board, above = _rows(priority_list, shown_order), 0
    else:
        above = shown_order[: positions.start].aggregate(total=Sum("amount"))["total"] or 0
        keys = list(shown_order[positions.start : positions.stop + 1].values_list("pk", flat=True))
        here = Recommendation.objects.filter(pk__in=keys).order_by("rank", "pk")
        board = _rows(priority_list, _closed_last(here, closed))
    lines = portfolio.under_frame(entries(board), turn.available, above=above).lines
    shown = zip(_with_true_reasons(board, closed)[: len(positions)], positions, strict=True)
    ranked = (replace(row, rank=None if closed else position + 1) for row, position in shown)
    return list(zip(ranked, lines, strict=False))


def _closed_last(rows: QuerySet[Recommendation], closed: Collection[int]) -> QuerySet[Recommendation]:
    return rows.alias(is_closed=Q(application__in=closed)).order_by("is_closed", "rank", "pk") if closed else rows


def on_list(priority_list: PriorityList | None, application: str = "pk") -> Q:
    """A condition: the application, by the name of its field, is on the list. Without a list it fits none."""
    listed = Recommendation.objects.filter(priority_list=priority_list).values("application") if priority_list else ()
    return Q(**{f"{application}__in": listed})


def outside(entries: QuerySet[StageEntry], priority_list: PriorityList | None) -> QuerySet[StageEntry]:
    """Those of the entries whose applications are not on the list."""
    if priority_list is None:
        return entries
    here = Recommendation.objects.filter(priority_list=priority_list, application=OuterRef("application"))
    return entries.filter(~Exists(here))


def not_listed(turn: Turn, priority_list: PriorityList | None) -> int:
    """The number of applications under assessment that are not on the list; one query."""
    return outside(turns.ranked(turn), priority_list).count()


def out_in_turn(turn: Turn, closed: ClosedCases) -> bool:
    """Whether the person is inhabil, or waits for a decision on it, in any application of the turn; one query."""
    return closed.out is not None and turns.ranked(turn).filter(closed.out).exists()


def titles_to_answer_in(turn: Turn, closed: ClosedCases) -> list[str]:
    """The titles of the turn's applications in which the person must answer about habilitet first; one query."""
    if closed.to_answer is None:
        return []
    titles = turns.ranked(turn).filter(closed.to_answer).order_by("application__title", "application_id")
    return list(titles.values_list("application__title", flat=True))


def rank_at(priority_list: PriorityList, position: int) -> int | None:
    """The rank of the application at the position that the board shows, from 1; None when there is none. One query.

    Those that are withdrawn keep their ranks until the list is locked, and have no position.
    """
    ranks = listed(priority_list).values_list("rank", flat=True)
    return next(iter(ranks[position - 1 : position]), None) if position > 0 else None


def closed_on_list(standing: Standing, priority_list: PriorityList) -> set[int]:
    """The ids of the applications on the board that are closed to the person."""
    return closed_ids(standing, Q(pk__in=listed(priority_list).order_by().values("application")))


def recommendations(turn: Turn) -> QuerySet[Recommendation]:
    """The recommendations on the list of the turn, with their applications and the list."""
    on_turn = Recommendation.objects.filter(priority_list__stage=turn.stage, priority_list__community=turn.community)
    return on_turn.select_related("application__community", "application__round", "priority_list")


def code_below(row: Recommendation, closed: ClosedCases) -> str | None:
    """The code of the next application on the list that is not closed to the person; None for the last. One query."""
    below = listed(row.priority_list).filter(rank__gt=row.rank or 0)
    if closed.barred is not None:
        below = below.exclude(closed.barred)
    return below.values_list("application__code", flat=True).first()


def acts_by_task(priority_list: PriorityList | None) -> dict[str, StageAct]:
    """The recorded tasks of the list, by the task; one query."""
    return {act.task: act for act in priority_list.acts.select_related("done_by")} if priority_list else {}


def rows(priority_list: PriorityList) -> list[Row]:
    """Every application on the board with its result, for what is said of the whole list; one query."""
    return _with_true_reasons(_rows(priority_list, listed(priority_list)))


def _rows(priority_list: PriorityList, recommendations: QuerySet[Recommendation]) -> list[Row]:
    lead = Partner.objects.filter(application=OuterRef("application"), role=PartnerRole.LEAD)
    of_stage = Q(application__results__stage=priority_list.stage_id)
    joined = recommendations.annotate(result=FilteredRelation("application__results", condition=of_stage))
    values = joined.values_list(
        "pk",
        "application_id",
        "application__code",
        "application__title",
        "application__community__name",
        Subquery(lead.values("organisation__name")[:1]),
        "application__requested_amount",
        "rank",
        "outcome",
        "amount",
        "reason",
        "conditions",
        "order_reason",
        "threshold_reason",
        "result__total",
        "result__spread",
        "result__must_discuss",
        "result__meets_thresholds",
        "result__delivered",
        "result__criteria",
        "result__totals",
    )
    return [_row(value) for value in values]


def _with_true_reasons(board: Sequence[Row], closed: Collection[int] = ()) -> list[Row]:
    """The rows, with the reason for a rank only where the rank departs from the points.

    A reason stays stored when the application is moved back, for it may be moved again. The points of the applications
    that are ``closed`` (ids) are not compared with: a reason that is shown or left out would tell of them.
    """
    departing = scoring.departing([(row.pk, row.total) for row in board if row.application_id not in closed])
    return [row if row.pk in departing else replace(row, order_reason="") for row in board]


def is_by_points(rows: Iterable[Row], closed: Collection[int]) -> bool:
    """Whether the rows that a page shows are in the order of their points now; those in ``closed`` say nothing."""
    return scoring.is_by_total(row.total for row in rows if row.application_id not in closed)


def _row(value: tuple[Any, ...]) -> Row:
    pk, application_id, code, title, community, lead, requested, *rest = value
    rank, outcome, amount, reason, conditions, order_reason, threshold_reason, *result = rest
    total, spread, must_discuss, meets_thresholds, delivered, criteria, totals = result
    return Row(
        pk=pk,
        application_id=application_id,
        code=code,
        title=title,
        community=community,
        lead=lead,
        requested=requested,
        rank=rank,
        outcome=outcome,
        amount=amount,
        reason=reason,
        conditions=conditions,
        order_reason=order_reason,
        threshold_reason=threshold_reason,
        total=total,
        spread=spread,
        must_discuss=bool(must_discuss),
        meets_thresholds=meets_thresholds is not False,
        delivered=delivered or 0,
        criteria=criteria or {},
        totals=totals or (),
    )


def entries(board: Iterable[Row]) -> list[Entry[int]]:
    """The rows with their recommended amounts (kroner); the amount is 0 when the outcome is no award."""
    return [Entry(row.pk, (row.amount or 0) if row.outcome in AWARDS else 0) for row in board]


def drawn(board: Sequence[Row], turn: Turn) -> Drawn[int]:
    """The board against what is left of the frame."""
    return portfolio.under_frame(entries(board), turn.available)


def unexplained(board: Sequence[Row]) -> list[Row]:
    """The rows that are ranked above a higher score, without a reason."""
    order = [(row.pk, row.total) for row in board]
    keys = set(scoring.out_of_order(order, {row.pk for row in board if row.order_reason}))
    return [row for row in board if row.pk in keys]


# --- what is frozen with it -----------------------------------------------------------------------------


def newest_submissions(keys: Iterable[int]) -> dict[int, Submission]:
    """The version of each application that was sent last, by the application's id; without content, one query."""
    newest = Submission.objects.filter(application__in=list(keys)).newest_of_each().defer("document__snapshot")
    return {submission.application_id: submission for submission in newest}


def initial(row: Recommendation) -> dict[str, Any]:
    """The initial values of the form for a recommendation."""
    return {field: getattr(row, field) for field in Recommendation.WRITTEN}


def principles(turn: Turn) -> list[Any]:
    """The criteria that are judged for the list as a whole, and not for one application (R50)."""
    return [item for item in turn.round.spec.criteria_of(turn.spec) if item.level == "portfolio"]


# --- the frozen list ------------------------------------------------------------------------------------


def earlier_lists(turn: Turn, priority_list: PriorityList | None) -> QuerySet[Document]:
    """What was locked and has been opened again since, newest first."""
    locked = Document.objects.filter(kind=PRIORITY_LIST.code, subject=turn.code)
    if priority_list and priority_list.document:
        locked = locked.exclude(pk=priority_list.document.pk)
    return locked.select_related("frozen_by").order_by("-version")


# The fields of a row that an inhabil person may see.
OPEN_FIELDS = ("code", "title", "community", "lead")


def masked(priority_list: PriorityList, standing: Standing, snapshot: dict[str, Any] | None = None) -> dict[str, Any]:
    """The frozen list as the person may see it.

    Rows of cases closed to the person keep only OPEN_FIELDS and come last; no row has a rank then. The frame, the
    warnings, the sentences on what was left out, and what was written of the list as a whole, are taken away as well:
    they may tell of the closed case, and so would the sum. So may the frame and the warnings of a case in another
    round, when others had granted of the frame; one query more.
    """
    data = snapshot or priority_list.snapshot or {"rows": [], "habilitet": []}
    codes = {row["code"] for row in data["rows"]}
    keys = closed_ids(standing, Q(code__in=codes))
    closed = set(Application.objects.filter(pk__in=keys).values_list("code", flat=True)) if keys else set()
    rows = _masked_rows(data["rows"], closed) if closed else data["rows"]
    kept = [item for item in data["habilitet"] if item["code"] not in closed]
    hidden: dict[str, Any] = {"considerations": "", "left_out": [], "total": None} if closed else {}
    if closed or (data.get("spent") and is_out_under_frame(priority_list.round, standing)):
        hidden |= {"warnings": [], "frame": None, "spent": 0}
    return {**data, **hidden, "rows": rows, "habilitet": kept}


def _masked_rows(rows: Sequence[dict[str, Any]], closed: Collection[str]) -> list[dict[str, Any]]:
    """The rows without what tells of the ``closed`` (codes), also a reason for a rank that departs from theirs only."""
    totals = {row["code"]: None if row["total"] is None else Decimal(row["total"]) for row in rows}
    departing = scoring.departing([(code, total) for code, total in totals.items() if code not in closed])
    # The ranks of the others tell the rank of the closed one, and so does its position.
    open_rows = [
        {**row, "rank": None, **({} if row["code"] in departing else {"order_reason": ""})}
        for row in rows
        if row["code"] not in closed
    ]
    hidden = [row for row in rows if row["code"] in closed]
    return open_rows + [{**{name: row[name] for name in OPEN_FIELDS}, "rank": None, "closed": True} for row in hidden]


def rows_to_forward(priority_list: PriorityList) -> list[dict[str, Any]]:
    """The rows of a frozen list that are forwarded: those that are still prioritised in the stage of the list."""
    entered = priority_list.round.applications.filter(
        stage_entries__stage=priority_list.stage_id, stage_entries__state=StageState.PRIORITISED
    )
    codes = set(entered.filter(recommendations__priority_list=priority_list).values_list("code", flat=True))
    return [row for row in (priority_list.snapshot or {"rows": []})["rows"] if row["code"] in codes]
