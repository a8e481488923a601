"""The secretariat's list of a turn: what is filtered, sorted and counted is done by the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from applications.models import Application, Partner, PartnerRole, known_status
from applications.workflow import Status
from evaluation.assessment.models import Assignment
from evaluation.assessment.permissions import ClosedCases
from evaluation.assessment.turn import Turn, address, bare
from portal.communities.models import Organisation, OrganisationKind, Seat, User
from portal.formats import MISSING

PER_PAGE = 50
SORTS = {
    "title": ("title",),
    "community": ("community__name",),
    "amount": ("requested_amount",),
    "submitted": ("submitted_at",),
    "total": ("shown_total",),
    "status": ("place_of_status",),
}
# In the order of the process, not of the alphabet.
_BY_PROCESS = Case(*(When(shown_status=status, then=Value(place)) for place, status in enumerate(Status)))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. ``closed`` hides what the person may not see."""

    pk: int
    code: str
    title: str
    status: str
    community: str
    lead: str
    requested: int | None
    submitted_at: datetime
    total: Decimal | None
    must_discuss: bool
    delivered: int
    assigned: int
    closed: bool

    @property
    def url(self) -> str:
        """The application with its assessments."""
        return address("detail", self.code)

    @property
    def progress(self) -> str:
        """How many have delivered, of those who were given it."""
        return f"{self.delivered}/{self.assigned}" if self.assigned else MISSING

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(Status(self.status).label)


def shown_status(closed: ClosedCases) -> Case:
    """The status that the person sees: in a case that is closed to the person, what its applicants know."""
    return Case(When(closed.out_of_case, then=known_status()), default=F("status"))


def is_closed(closed: ClosedCases) -> Case:
    """Whether the scores and what follows from them are hidden from the person."""
    return Case(When(closed.barred, then=Value(True)), default=Value(False))


def filtered(turn: Turn, chosen: Mapping[str, Any], closed: ClosedCases) -> QuerySet[Application]:
    """The turn's applications that fit the filter; unknown or empty choices filter nothing."""
    found = turn.sent
    if chosen.get("status"):
        found = found.annotate(shown_status=shown_status(closed)).filter(shown_status=chosen["status"])
    if chosen.get("assessor"):
        given = Assignment.objects.filter(stage=turn.stage, assessor=chosen["assessor"])
        found = found.filter(pk__in=given.values("application"))
    if chosen.get("municipality"):
        partners = Partner.objects.filter(organisation=chosen["municipality"])
        found = found.filter(pk__in=partners.values("application"))
    if chosen.get("text"):
        text = chosen["text"].strip()
        named = Partner.objects.filter(organisation__name__icontains=text).values("application")
        found = found.filter(Q(title__icontains=text) | Q(code__iexact=text) | Q(pk__in=named))
    return found


def ordered(found: QuerySet[Application], turn: Turn, sort: str, closed: ClosedCases) -> QuerySet[Application]:
    """The applications with their result in the turn, in the order asked for; the newest first by default.

    The order tells nothing of what is closed to the person.
    """
    name = sort.removeprefix("-")
    keys = SORTS.get(name, SORTS["submitted"])
    down = sort.startswith("-") or name not in SORTS
    found = found.annotate(
        result=FilteredRelation("results", condition=Q(results__stage=turn.stage)),
        shown_status=shown_status(closed),
        is_closed=is_closed(closed),
    ).annotate(shown_total=Case(When(is_closed=False, then=F("result__total"))))
    if name == "status":
        # It repeats the shown status for each place: a long query, so only for those who ask for this order.
        found = found.annotate(place_of_status=_BY_PROCESS)
    order = [F(key).desc(nulls_last=True) if down else F(key).asc(nulls_last=True) for key in keys]
    return found.order_by(*order, "-submitted_at", "pk")


def rows(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The values of ``values`` as rows."""
    return [Row(*(*value[:-4], bool(value[-4]), value[-3] or 0, value[-2] or 0, value[-1])) for value in found]


def known(sort: str) -> str:
    """The order asked for, if there is such a one."""
    return sort if sort.removeprefix("-") in SORTS else ""


def unfiltered(turn: Turn, sort: str, places: range, closed: ClosedCases) -> list[tuple[Any, ...]]:
    """These places of everything in this order, as ``values`` has them: what most people look at."""
    return list(_unfiltered(sort, places.start, places.stop, closed=closed, **turn.ids))


def _unfiltered(
    sort: str, first: int, end: int, *, closed: ClosedCases, **ids: Any
) -> QuerySet[Application, tuple[Any, ...]]:
    turn = bare(**ids)
    return values(ordered(turn.sent, turn, sort, closed), turn)[first:end]


def values(found: QuerySet[Application], turn: Turn) -> QuerySet[Application, tuple[Any, ...]]:
    """The columns of the list, in one query; of applications that ``ordered`` gave."""
    lead = Partner.objects.filter(application=OuterRef("pk"), role=PartnerRole.LEAD).values("organisation__name")[:1]
    assigned = (
        Assignment.objects.filter(application=OuterRef("pk"), stage=turn.stage)
        .order_by()
        .values("application")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return found.values_list(
        "pk",
        "code",
        "title",
        "shown_status",
        "community__name",
        Subquery(lead),
        "requested_amount",
        "submitted_at",
        "result__total",
        "result__must_discuss",
        "result__delivered",
        Coalesce(Subquery(assigned), 0),
        "is_closed",
    )


# --- the filter's choices -------------------------------------------------------------------------------


def status_counts(turn: Turn, closed: ClosedCases) -> dict[str, int]:
    """How many applications stand in each status that the person sees, in the order of the process; one query."""
    counts = dict(list(_counts(closed=closed, **turn.ids)))
    return {status: counts[status] for status in Status if status in counts}


def _counts(*, closed: ClosedCases, **ids: Any) -> QuerySet[Application, tuple[str, int]]:
    found = bare(**ids).sent.order_by().annotate(shown_status=shown_status(closed))
    return found.values_list("shown_status").annotate(n=Count("pk"))


def municipalities(turn: Turn) -> list[tuple[int, str]]:
    """The municipalities that the list can be filtered by."""
    if turn.community:
        return list(_municipalities_of(community_id=turn.community.pk))
    return list(_municipalities_in(round_id=turn.round.pk))


def _municipalities_of(community_id: int) -> QuerySet[Organisation, tuple[int, str]]:
    return _municipalities(Q(community=community_id))


def _municipalities_in(round_id: int) -> QuerySet[Organisation, tuple[int, str]]:
    return _municipalities(Q(community__round_communities__round=round_id))


def _municipalities(which: Q) -> QuerySet[Organisation, tuple[int, str]]:
    known = Organisation.objects.filter(which, kind=OrganisationKind.MUNICIPALITY)
    return known.order_by("name").values_list("pk", "name")


def assessors(turn: Turn) -> list[tuple[int, str]]:
    """Those who have been given something in the turn's stage."""
    return list(_assessors(**turn.ids))


def _assessors(**ids: Any) -> QuerySet[User, tuple[int, str]]:
    turn = bare(**ids)
    given = Assignment.objects.filter(stage=turn.stage, application__in=turn.sent).values("assessor")
    return User.objects.filter(pk__in=given).order_by("name", "pk").values_list("pk", "name")


def eligible(turn: Turn, day: Any) -> QuerySet[User]:
    """Those who may be asked to assess: who sits in the turn's bodies, and who has assessed in it already."""
    seated = Seat.objects.current(day).filter(turn.bodies).values("user")
    given = Assignment.objects.filter(stage=turn.stage, application__in=turn.sent).values("assessor")
    return User.objects.filter(Q(pk__in=seated) | Q(pk__in=given), is_active=True).order_by("name", "pk")


def concerned(application: Application, turn: Turn, day: Any) -> QuerySet[User]:
    """Those whose habilitet in the application may be decided: who may assess it, and those it has been asked for."""
    asked = application.habilitet.values("person")
    return User.objects.filter(Q(pk__in=eligible(turn, day).values("pk")) | Q(pk__in=asked))
