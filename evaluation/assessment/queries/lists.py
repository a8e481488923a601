"""The secretariat's list of a turn: the database filters, sorts and counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from applications.models import Application, Partner, known_status
from applications.workflow import Status
from evaluation.assessment.models import Assignment
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.habilitet import ClosedCases
from evaluation.assessment.turn import Turn, address
from portal.communities.models import Organisation, OrganisationKind, Seat, User
from portal.formats import MISSING

PER_PAGE = 50
SORTS = {
    "title": ("title",),
    "community": ("community__name",),
    "amount": ("shown_amount",),
    "submitted": ("submitted_at",),
    "total": ("shown_total",),
    "status": ("place_of_status",),
}
# In the order of the process, not of the alphabet.
_BY_PROCESS = Case(*(When(shown_status=status, then=Value(position)) for position, status in enumerate(Status)))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list. When ``closed``, the page hides the scores and what follows from them."""

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
        """The address of the application with its assessments."""
        return address("detail", self.code)

    @property
    def progress(self) -> str:
        """The number of delivered assessments of the number assigned."""
        return f"{self.delivered}/{self.assigned}" if self.assigned else MISSING

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(Status(self.status).label)


def shown_status(closed: ClosedCases) -> Combinable:
    """The status that the person sees: in a case in which the person is inhabil, the status that applicants see."""
    if closed.out_of_case is None:
        return F("status")
    return Case(When(closed.out_of_case, then=known_status()), default=F("status"))


def is_closed(closed: ClosedCases) -> Combinable:
    """Whether the case is closed to the person: scores and what follows from them are hidden."""
    if closed.barred is None:
        return Value(False)
    return Case(When(closed.barred, then=Value(True)), default=Value(False))


def filtered(turn: Turn, chosen: Mapping[str, Any], closed: ClosedCases) -> QuerySet[Application]:
    """The applications of the turn that fit the choices; an empty choice does not filter."""
    applications = turns.sent(turn)
    if chosen.get("status"):
        applications = applications.annotate(shown_status=shown_status(closed)).filter(shown_status=chosen["status"])
    if chosen.get("assessor"):
        given = Assignment.objects.filter(stage=turn.stage, assessor=chosen["assessor"])
        applications = applications.filter(pk__in=given.values("application"))
    if chosen.get("municipality"):
        partners = Partner.objects.filter(organisation=chosen["municipality"])
        applications = applications.filter(pk__in=partners.values("application"))
    if chosen.get("text"):
        text = chosen["text"].strip()
        named = Partner.objects.filter(organisation__name__holds=text).values("application")
        applications = applications.filter(Q(title__holds=text) | Q(code=text.upper()) | Q(pk__in=named))
    return applications


def ordered(applications: QuerySet[Application], turn: Turn, sort: str, closed: ClosedCases) -> QuerySet[Application]:
    """The applications with their result in the turn, in the order asked for; by default the newest first.

    The order reveals nothing about cases that are closed to the person.
    """
    name = sort.removeprefix("-")
    keys = SORTS.get(name, SORTS["submitted"])
    down = sort.startswith("-") or name not in SORTS
    applications = applications.annotate(
        result=FilteredRelation("results", condition=Q(results__stage=turn.stage)),
        shown_status=shown_status(closed),
        is_closed=is_closed(closed),
    )
    # These make the query long, so each is added for its order alone.
    if name == "status":
        applications = applications.annotate(place_of_status=_BY_PROCESS)
    if name == "amount":
        applications = applications.annotate(shown_amount=Case(When(is_closed=False, then=F("requested_amount"))))
    if name == "total":
        applications = applications.annotate(shown_total=Case(When(is_closed=False, then=F("result__total"))))
    order = [F(key).desc(nulls_last=True) if down else F(key).asc(nulls_last=True) for key in keys]
    return applications.order_by(*order, "-submitted_at", "pk")


def rows(records: Iterable[tuple[Any, ...]]) -> list[Row]:
    """The rows of the records that ``values`` reads."""
    return [_row(record) for record in records]


def _row(record: tuple[Any, ...]) -> Row:
    pk, code, title, status, community, lead, requested, submitted_at, *result = record
    total, must_discuss, delivered, assigned, closed = result
    return Row(
        pk=pk,
        code=code,
        title=title,
        status=status,
        community=community,
        lead=lead,
        requested=None if closed else requested,
        submitted_at=submitted_at,
        total=total,
        must_discuss=bool(must_discuss),
        delivered=delivered or 0,
        assigned=assigned or 0,
        closed=closed,
    )


def known(sort: str) -> str:
    """The name of the order; empty when there is no such order."""
    return sort if sort.removeprefix("-") in SORTS else ""


def unfiltered(turn: Turn, sort: str, positions: range, closed: ClosedCases) -> list[tuple[Any, ...]]:
    """The records of these positions among all applications in the order, as ``values`` reads them; one query."""
    return list(values(ordered(turns.sent(turn), turn, sort, closed), turn)[positions.start : positions.stop])


def values(applications: QuerySet[Application], turn: Turn) -> QuerySet[Application, tuple[Any, ...]]:
    """The columns of the list in one query, for applications that ``ordered`` gave."""
    assigned = (
        Assignment.objects.filter(application=OuterRef("pk"), stage=turn.stage)
        .order_by()
        .values("application")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return applications.values_list(
        "pk",
        "code",
        "title",
        "shown_status",
        "community__name",
        turns.LEAD_NAME,
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
    """The number of applications by the status that the person sees, in the order of the process; one query."""
    counted = turns.sent(turn).order_by().annotate(shown_status=shown_status(closed))
    counts = dict(list(counted.values_list("shown_status").annotate(n=Count("pk"))))
    return {status: counts[status] for status in Status if status in counts}


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
    """Those who have an assignment in the turn."""
    given = Assignment.objects.filter(stage=turn.stage, application__in=turns.sent(turn)).values("assessor")
    return list(User.objects.filter(pk__in=given).order_by("name", "pk").values_list("pk", "name"))


def eligible(turn: Turn, day: Any) -> QuerySet[User]:
    """Those who may be asked to assess: members of the turn's bodies, and those with an assignment in the turn."""
    seated = Seat.objects.current(day).filter(turn.bodies).values("user")
    given = Assignment.objects.filter(stage=turn.stage, application__in=turns.sent(turn)).values("assessor")
    return User.objects.filter(Q(pk__in=seated) | Q(pk__in=given), is_active=True).order_by("name", "pk")


def concerned(application: Application, turn: Turn, day: Any) -> QuerySet[User]:
    """Those whose habilitet in the application may be decided: the eligible, and those who were asked already."""
    asked = application.habilitet.values("person")
    return User.objects.filter(Q(pk__in=eligible(turn, day).values("pk")) | Q(pk__in=asked))
