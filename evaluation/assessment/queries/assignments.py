"""Which assignments stand on a day: one given to somebody for a seat follows the seat, one given by name stands."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import StageEntry
from applications.workflow import StageState
from evaluation.assessment.models import Assessment, Assignment
from evaluation.assessment.turn import Turn
from portal.communities.models import Seat


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
