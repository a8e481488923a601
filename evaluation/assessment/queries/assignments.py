"""Which assignments stand on a day: one given to somebody for a seat follows the seat, one given by name stands."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.workflow import Status
from evaluation.assessment.models import Assessment, Assignment, PriorityList
from evaluation.assessment.queries.turns import Turn, bodies_of
from portal.communities.models import Seat


def of_person(user_id: int | None, day: date) -> QuerySet[Assignment]:
    """What the person has been given and still may assess; no query of its own."""
    seats = Seat.objects.current(day).filter(user=user_id)
    is_regional = Q(stage__body__isnull=False, stage__body__community=None)
    in_region = is_regional & Q(stage__body__region__in=seats.filter(body__region__isnull=False).values("body__region"))
    communities = seats.filter(body__community__isnull=False).values("body__community")
    at_home = ~is_regional & Q(application__community__in=communities)
    return Assignment.objects.filter(Q(by_seat=False) | in_region | at_home, assessor=user_id)


def is_of_person(assignment: Assignment, day: date) -> bool:
    """Whether the assessor still may assess it, the seat that it was given for being held on the day; one query."""
    return of_person(assignment.assessor_id, day).filter(pk=assignment.pk).exists()


def undelivered() -> QuerySet[Assignment]:
    """Those whose assessment is still waited for: the application stands in the stage, and its list is not locked."""
    delivered = Assessment.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), assessor=OuterRef("assessor")
    ).exclude(delivered_at=None)
    locked = PriorityList.objects.filter(
        Q(community=None) | Q(community=OuterRef("application__community")), stage=OuterRef("stage")
    ).exclude(frozen_at=None)
    is_regional = Q(stage__body__isnull=False, stage__body__community=None)
    stands = Q(application__status=Status.ADMITTED) & ~is_regional
    stands |= Q(application__status__in=[Status.FORWARDED, Status.POSTPONED]) & is_regional
    return Assignment.objects.filter(stands).exclude(Exists(delivered)).exclude(Exists(locked))


def in_force(turn: Turn, day: date) -> QuerySet[Assignment]:
    """The turn's assignments that stand."""
    return Assignment.objects.filter(Q(by_seat=False) | Q(assessor__in=seated(turn, day)), stage=turn.stage)


def seated(turn: Turn, day: date) -> QuerySet[Seat, dict[str, int]]:
    """Those who have a seat on the day in the bodies that may assess in the turn."""
    return Seat.objects.current(day).filter(bodies_of(turn)).values("user")
