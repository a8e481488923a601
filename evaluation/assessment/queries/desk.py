"""«Mine vurderinger»: what an assessor has been given, what waits, and when it is due."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet

from applications.models import Application, StageEntry
from applications.workflow import GONE, StageState
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assessment, Assignment
from evaluation.assessment.turn import Turn, address
from portal.communities.models import Seat

PER_PAGE = 50
# Nobody has decided, or decided that the person is habil: an ``exclude`` would lose the former.
IN_WORK = Q(entry_state=StageState.IN_WORK)
NOT_RECUSED = Q(is_recused=None) | Q(is_recused=False)


@dataclass(frozen=True, slots=True)
class Row:
    """An application on the desk."""

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
        """Where the row leads: to the declaration, to scoring, or to what was delivered; nowhere when it is closed."""
        if self.state == State.UNDECLARED:
            return address("habilitet", self.code)
        if self.state == State.RECUSED or (self.state == State.PENDING and not self.delivered_at):
            return ""
        return address("detail", self.code) if self.delivered_at else address("score", self.code, self.stage)

    @property
    def is_open(self) -> bool:
        """Whether something waits for the assessor."""
        return self.delivered_at is None and self.state != State.RECUSED and not self.is_frozen


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the assessor has come."""

    given: int
    delivered: int
    next_due: date | None

    @property
    def waiting(self) -> int:
        """How many have not been delivered."""
        return self.given - self.delivered


def given_to(user_id: int, day: date) -> QuerySet[Any]:
    """What the person has been given and is not shut out of, with whether it is delivered."""
    # Joined, not looked up row by row: the order needs every row's delivery, and an assessor may have a thousand.
    here = Q(application__stage_entries__stage=F("stage"))
    mine = Q(application__assessments__assessor=user_id, application__assessments__stage=F("stage"))
    return (
        of_person(user_id, day)
        .exclude(application__status__in=GONE)
        .annotate(
            mine=FilteredRelation("application__assessments", condition=mine),
            entry=FilteredRelation("application__stage_entries", condition=here),
            asked=FilteredRelation("application__habilitet", condition=Q(application__habilitet__person=user_id)),
        )
        .annotate(
            delivered_at=F("mine__delivered_at"),
            begun_at=F("mine__updated_at"),
            total=F("mine__total"),
            is_recused=F("asked__is_recused"),
            is_pending=F("asked__is_pending"),
            entry_state=F("entry__state"),
        )
    )


def progress(user_id: int, day: date) -> Progress:
    """The person's work in figures, without what is closed to them; one query, one row."""
    counts = list(_counts(user_id, day))
    return Progress(*counts[0]) if counts else Progress(0, 0, None)


def _counts(user_id: int, day: date) -> QuerySet[Any, tuple[int, int, date | None]]:
    done, waits = Q(delivered_at__isnull=False), Q(delivered_at=None)
    found = given_to(user_id, day).filter(NOT_RECUSED, Q(delivered_at=None) & IN_WORK | done).order_by()
    figures = {"given": Count("pk"), "done": Count("pk", filter=done), "next_due": Min("due_date", filter=waits)}
    return found.values("assessor").annotate(**figures).values_list(*figures)


def ordered(user_id: int, day: date) -> QuerySet[Any]:
    """What waits first, by date; what is delivered last, the latest first."""
    return given_to(user_id, day).order_by(F("delivered_at").desc(nulls_first=True), "due_date", "pk")


def rows(found: Any) -> list[Row]:
    """The assignments of a page as rows; one query."""
    values = found.values_list(
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
    return [_row(*value) for value in values]


def _row(*value: Any) -> Row:
    *front, delivered_at, begun_at, total, is_pending, is_recused, entry_state = value
    state = habilitet.state(is_pending=is_pending, is_recused=is_recused)
    return Row(*(*front, delivered_at, begun_at is not None, total, state, entry_state != StageState.IN_WORK))


def next_waiting(user_id: int, after: Application, day: date) -> tuple[str, str] | None:
    """The code and the stage's code of the next application that waits for the person; one query."""
    waiting = given_to(user_id, day).filter(NOT_RECUSED, IN_WORK, delivered_at=None)
    found = waiting.exclude(application=after).order_by("due_date", "pk")
    return found.values_list("application__code", "stage__code").first()


def of_person(user_id: int | None, day: date) -> QuerySet[Assignment]:
    """What the person has been given and still may assess; no query of its own."""
    seats = Seat.objects.current(day).filter(user=user_id)
    regions = seats.filter(body__region__isnull=False).values("body__region")
    communities = seats.filter(body__community__isnull=False).values("body__community")
    seated = (
        Q(stage__body__region__in=regions)
        | Q(stage__body__community__in=communities)
        | Q(stage__body=None, application__community__in=communities)
    )
    return Assignment.objects.filter(Q(by_seat=False) | seated, assessor=user_id)


def is_of_person(assignment: Assignment, day: date) -> bool:
    """Whether the assessor still may assess it, the seat that it was given for being held on the day; one query."""
    return of_person(assignment.assessor_id, day).filter(pk=assignment.pk).exists()


def undelivered() -> QuerySet[Assignment]:
    """Those whose assessment is still waited for: the application is in work in the stage, on no locked list."""
    delivered = Assessment.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), assessor=OuterRef("assessor")
    ).exclude(delivered_at=None)
    in_work = StageEntry.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), state=StageState.IN_WORK
    )
    return Assignment.objects.filter(Exists(in_work)).exclude(Exists(delivered))


def in_force(turn: Turn, day: date) -> QuerySet[Assignment]:
    """The turn's assignments that stand."""
    return Assignment.objects.filter(Q(by_seat=False) | Q(assessor__in=seated(turn, day)), stage=turn.stage)


def seated(turn: Turn, day: date) -> QuerySet[Seat, dict[str, int]]:
    """Those who have a seat on the day in the bodies that may assess in the turn."""
    return Seat.objects.current(day).filter(turn.bodies).values("user")
