"""«Mine vurderinger»: the applications that are assigned to an assessor, with their dates and their state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery

from applications.models import Application, StageEntry
from applications.workflow import GONE, StageState
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assignment, Habilitet
from evaluation.assessment.turn import Turn, address
from portal.communities.models import Seat
from portal.communities.standing import Standing

PER_PAGE = 50
# Of assignments: the application is under assessment in the stage. Afterwards nobody delivers there any more.
IS_IN_WORK = Exists(
    StageEntry.objects.filter(application=OuterRef("application"), stage=OuterRef("stage"), state=StageState.IN_WORK)
)
IN_WORK = Q(entry_state=StageState.IN_WORK)
# Nobody has raised a question, or it is decided that the person is habil. An ``exclude`` would drop the nulls.
NOT_OUT_OF_CASE = (Q(is_recused=None) | Q(is_recused=False)) & (Q(is_pending=None) | Q(is_pending=False))


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


def given_to_assess(person: str) -> Subquery:
    """A column of a query: an assignment (id) of the person that the rows have as ``person``; None if never given one.

    In the order of an index: PostgreSQL would look through all assignments for one of a person who has none.
    """
    return Subquery(Assignment.objects.filter(assessor=OuterRef(person)).order_by("-delivered_at").values("pk")[:1])


def given_to(standing: Standing) -> QuerySet[Assignment]:
    """The person's assignments, but for applications that are withdrawn or closed; no other table is joined."""
    gone = StageEntry.objects.filter(application=OuterRef("application"), stage=OuterRef("stage"), status__in=GONE)
    return assigned_to(standing).filter(~Exists(gone))


def _with_case(given: QuerySet[Assignment], standing: Standing) -> QuerySet[Any]:
    """With the person's assessment and habilitet, and the state of the stage entry."""
    here = Q(application__stage_entries__stage=F("stage"))
    user_id = standing.user_id
    by_person = Q(application__assessments__assessor=user_id, application__assessments__stage=F("stage"))
    return given.annotate(
        assessment=FilteredRelation("application__assessments", condition=by_person),
        entry=FilteredRelation("application__stage_entries", condition=here),
        asked=FilteredRelation("application__habilitet", condition=Q(application__habilitet__person=user_id)),
    ).annotate(
        begun_at=F("assessment__updated_at"),
        total=F("assessment__total"),
        is_recused=F("asked__is_recused"),
        is_pending=F("asked__is_pending"),
        entry_state=F("entry__state"),
    )


def progress(standing: Standing) -> Progress:
    """The progress of the person, without the applications in which the person is inhabil; two queries of one row.

    What waits until others have decided on the person's habilitet is nothing that the person can do.
    """
    given = given_to(standing)
    asked = Habilitet.objects.filter(person=standing.user_id)
    recused, out_of_case = (
        Q(application__in=rows.values("application")) for rows in (asked.inhabil(), asked.out_of_case())
    )
    waiting = given.filter(~out_of_case, IS_IN_WORK, delivered_at=None)
    waits = waiting.aggregate(count=Count("*"), next_due=Min("due_date"))
    done = given.aggregate(
        delivered=Count("application", filter=~recused & Q(delivered_at__isnull=False)), shown=Count("*")
    )
    return Progress(waits["count"] + done["delivered"], done["delivered"], waits["next_due"], done["shown"])


def rows(standing: Standing, positions: range) -> list[Row]:
    """The rows at these positions of ``given_to``; one query finds which they are, and one reads what is shown.

    First those that are not delivered, by date, then the delivered ones, the latest first.
    """
    order = (F("delivered_at").desc(nulls_first=True), "due_date", "pk")
    in_order = given_to(standing).order_by(*order)
    keys = list(in_order[positions.start : positions.stop].values_list("pk", flat=True))
    shown = _with_case(Assignment.objects.filter(pk__in=keys), standing).order_by(*order)
    values = shown.values_list(
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
    return [_row(value) for value in values]


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


def next_waiting(standing: Standing, after: Application) -> tuple[str, str] | None:
    """The codes of the next application of ``given_to`` to assess and of its stage; None without one. One query."""
    undelivered = given_to(standing).filter(delivered_at=None)
    waiting = _with_case(undelivered, standing).filter(NOT_OUT_OF_CASE, IN_WORK)
    others = waiting.exclude(application=after).order_by("due_date", "pk")
    return others.values_list("application__code", "stage__code").first()


def assigned_to(standing: Standing) -> QuerySet[Assignment]:
    """The assignments of the person that are valid, by the seats that were read with the standing. No query itself."""
    communities = standing.seat_community_ids
    # Asked for those alone that a seat gave, where the stage names no body: it needs no join.
    received = Application.objects.filter(pk=OuterRef("application"), community__in=communities)
    valid = _is_valid(standing.seat_region_ids, communities, Q(Exists(received)))
    return Assignment.objects.filter(valid, assessor=standing.user_id)


def of_person(user_id: int, day: date) -> QuerySet[Assignment]:
    """The assignments of the person that are valid, by the seats as they are in the database now. No query itself."""
    return Assignment.objects.filter(_by_seats_of(user_id, day), assessor=user_id)


def _by_seats_of(user: int | OuterRef, day: date) -> Q:
    """``_is_valid`` with the seats of the user (an id, or a column of ids) on the day."""
    seats = Seat.objects.current(day).filter(user=user)
    regions = seats.filter(body__region__isnull=False).values("body__region")
    communities = seats.filter(body__community__isnull=False).values("body__community")
    return _is_valid(regions, communities, Q(application__community__in=communities))


def _is_valid(regions: Any, communities: Any, is_received: Q) -> Q:
    """A condition: the assignment is for no seat, or the person has a seat where the stage is handled.

    ``regions`` and ``communities`` are the ids of those that the person's seats are in, or queries for them;
    ``is_received`` says whether one of the communities receives the application.
    """
    return (
        Q(by_seat=False)
        | Q(stage__body__region__in=regions)
        | Q(stage__body__community__in=communities)
        | (is_received & Q(stage__body=None))
    )


def waiting_for_assessor(day: date, due: tuple[date, date]) -> Iterator[Assignment]:
    """The assignments with a date in ``due`` that the assessors still may deliver, and the first of those after.

    Each comes with application, round and assessor. The application is in work in the stage and on no locked list, the
    assessment is not delivered, the assessor still has the seat that the assignment was given for, and the assessor is
    not out of the case. Two queries; those with an earlier or a later date are not read.
    """
    waiting = _undelivered(day).select_related("application__round", "application__community", "assessor")
    yield from waiting.filter(due_date__range=due).iterator(chunk_size=200)
    yield from waiting.filter(due_date__gt=due[1]).order_by("due_date", "pk")[:1]


def _undelivered(day: date) -> QuerySet[Assignment]:
    out_of_case = Habilitet.objects.out_of_case().filter(
        person=OuterRef("assessor"), application=OuterRef("application")
    )
    return Assignment.objects.filter(
        _by_seats_of(OuterRef("assessor"), day), IS_IN_WORK, ~Exists(out_of_case), delivered_at=None
    )


def in_force_on(turn: Turn, day: date) -> Q:
    """A condition on assignments of the turn's stage: they are valid, and not for a seat that has ended."""
    return Q(by_seat=False) | Q(assessor__in=seated(turn, day))


def given_in(turn: Turn, day: date) -> QuerySet[Assignment]:
    """The assignments of the turn's stage that are in force or delivered."""
    return Assignment.objects.filter(in_force_on(turn, day) | Q(delivered_at__isnull=False), stage=turn.stage)


def seated(turn: Turn, day: date) -> QuerySet[Seat, dict[str, int]]:
    """The ids of users who have a seat on the day in a body that may assess in the turn."""
    return Seat.objects.current(day).filter(turn.bodies).values("user")
