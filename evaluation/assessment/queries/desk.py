"""«Mine vurderinger»: the applications that are assigned to an assessor, with their dates and their state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet

from applications.models import Application, StageEntry
from applications.workflow import GONE, StageState
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assessment, Assignment, Habilitet
from evaluation.assessment.turn import Turn, address
from portal.communities.models import Seat
from portal.communities.standing import Standing

PER_PAGE = 50
IN_WORK = Q(entry_state=StageState.IN_WORK)
# Nobody has decided, or it is decided that the person is habil. An ``exclude(is_recused=True)`` would drop the nulls.
NOT_RECUSED = Q(is_recused=None) | Q(is_recused=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An application on the assessor's desk."""

    code: str
    title: str
    round_title: str
    round_code: str
    stage: str
    due_date: date
    delivered_at: datetime | None
    is_begun: bool
    total: Decimal | None
    state: State
    is_frozen: bool

    @property
    def url(self) -> str:
        """The address of the declaration, of scoring, or of the delivered assessment; empty when the case is closed."""
        if self.state == State.UNDECLARED:
            return address("habilitet", self.code)
        if self.state == State.RECUSED or (self.state == State.PENDING and not self.delivered_at):
            return ""
        return address("detail", self.code) if self.delivered_at else address("score", self.code, self.stage)

    @property
    def is_open(self) -> bool:
        """Whether the assessment is still to be delivered."""
        return self.delivered_at is None and self.state != State.RECUSED and not self.is_frozen


@dataclass(frozen=True, slots=True)
class Progress:
    """How many assessments are assigned and delivered, and the date of the next one."""

    given: int
    delivered: int
    next_due: date | None
    # All that the desk shows: also what the person is inhabil in, and what is on a locked list.
    shown: int = 0

    @property
    def waiting(self) -> int:
        """The number of assessments that are not delivered."""
        return self.given - self.delivered


def given_to(standing: Standing) -> QuerySet[Any]:
    """The person's assignments, with the person's assessment, habilitet and the state of the stage entry."""
    # Joins instead of subqueries: the order needs the delivery of every row, and an assessor may have a thousand.
    here = Q(application__stage_entries__stage=F("stage"))
    user_id = standing.user_id
    by_person = Q(application__assessments__assessor=user_id, application__assessments__stage=F("stage"))
    return (
        assigned_to(standing)
        .exclude(application__status__in=GONE)
        .annotate(
            assessment=FilteredRelation("application__assessments", condition=by_person),
            entry=FilteredRelation("application__stage_entries", condition=here),
            asked=FilteredRelation("application__habilitet", condition=Q(application__habilitet__person=user_id)),
        )
        .annotate(
            delivered_at=F("assessment__delivered_at"),
            begun_at=F("assessment__updated_at"),
            total=F("assessment__total"),
            is_recused=F("asked__is_recused"),
            is_pending=F("asked__is_pending"),
            entry_state=F("entry__state"),
        )
    )


def progress(given: QuerySet[Any]) -> Progress:
    """The progress of ``given_to``, without the applications in which the person is inhabil; one query, one row."""
    done = NOT_RECUSED & Q(delivered_at__isnull=False)
    waits = NOT_RECUSED & Q(delivered_at=None) & IN_WORK
    figures = given.aggregate(
        given=Count("pk", filter=waits | done),
        delivered=Count("pk", filter=done),
        next_due=Min("due_date", filter=waits),
        shown=Count("pk"),
    )
    return Progress(**figures)


def rows(given: QuerySet[Any], positions: range) -> list[Row]:
    """The rows at these positions of ``given_to``; one query.

    First those that are not delivered, by date, then the delivered ones, the latest first.
    """
    in_order = given.order_by(F("delivered_at").desc(nulls_first=True), "due_date", "pk")
    values = in_order.values_list(
        "application__code",
        "application__title",
        "application__round__title",
        "application__round__code",
        "stage__code",
        "due_date",
        "delivered_at",
        "begun_at",
        "total",
        "is_pending",
        "is_recused",
        "entry_state",
    )
    return [_row(value) for value in values[positions.start : positions.stop]]


def _row(value: tuple[Any, ...]) -> Row:
    code, title, round_title, round_code, stage, due_date, delivered_at, *rest = value
    begun_at, total, is_pending, is_recused, entry_state = rest
    return Row(
        code=code,
        title=title,
        round_title=round_title,
        round_code=round_code,
        stage=stage,
        due_date=due_date,
        delivered_at=delivered_at,
        is_begun=begun_at is not None,
        total=total,
        state=habilitet.state(is_pending=is_pending, is_recused=is_recused),
        is_frozen=entry_state != StageState.IN_WORK,
    )


def next_waiting(given: QuerySet[Any], after: Application) -> tuple[str, str] | None:
    """The codes of the next application of ``given_to`` to assess and of its stage; None without one. One query."""
    waiting = given.filter(NOT_RECUSED, IN_WORK, delivered_at=None)
    others = waiting.exclude(application=after).order_by("due_date", "pk")
    return others.values_list("application__code", "stage__code").first()


def assigned_to(standing: Standing) -> QuerySet[Assignment]:
    """The assignments of the person that are valid, by the seats that were read with the standing. No query itself."""
    return Assignment.objects.filter(
        _is_valid(standing.seat_region_ids, standing.seat_community_ids), assessor=standing.user_id
    )


def of_person(user_id: int, day: date) -> QuerySet[Assignment]:
    """The assignments of the person that are valid, by the seats as they are in the database now. No query itself."""
    return Assignment.objects.filter(_by_seats_of(user_id, day), assessor=user_id)


def _by_seats_of(user: int | OuterRef, day: date) -> Q:
    """``_is_valid`` with the seats of the user (an id, or a column of ids) on the day."""
    seats = Seat.objects.current(day).filter(user=user)
    regions = seats.filter(body__region__isnull=False).values("body__region")
    communities = seats.filter(body__community__isnull=False).values("body__community")
    return _is_valid(regions, communities)


def _is_valid(regions: Any, communities: Any) -> Q:
    """A condition: the assignment is for no seat, or the person has a seat where the stage is handled.

    ``regions`` and ``communities`` are the ids of those that the person's seats are in, or queries for them.
    """
    return (
        Q(by_seat=False)
        | Q(stage__body__region__in=regions)
        | Q(stage__body__community__in=communities)
        | Q(stage__body=None, application__community__in=communities)
    )


def waiting_for_assessor(day: date) -> Iterator[Assignment]:
    """All assignments that the assessors still may deliver, with application, round and assessor; one query.

    The application is in work in the stage and on no locked list, the assessment is not delivered, the assessor still
    has the seat that the assignment was given for, and the assessor is not out of the case.
    """
    delivered = Assessment.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), assessor=OuterRef("assessor")
    ).exclude(delivered_at=None)
    in_work = StageEntry.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), state=StageState.IN_WORK
    )
    out_of_case = Habilitet.objects.out_of_case().filter(
        person=OuterRef("assessor"), application=OuterRef("application")
    )
    waiting = Assignment.objects.filter(
        _by_seats_of(OuterRef("assessor"), day), Exists(in_work), ~Exists(delivered), ~Exists(out_of_case)
    )
    joined = waiting.select_related("application__round", "application__community", "assessor")
    return joined.iterator(chunk_size=200)


def in_force(turn: Turn, day: date) -> QuerySet[Assignment]:
    """The assignments of the turn's stage that are valid: not those for a seat that has ended."""
    return Assignment.objects.filter(Q(by_seat=False) | Q(assessor__in=seated(turn, day)), stage=turn.stage)


def seated(turn: Turn, day: date) -> QuerySet[Seat, dict[str, int]]:
    """The ids of users who have a seat on the day in a body that may assess in the turn."""
    return Seat.objects.current(day).filter(turn.bodies).values("user")
