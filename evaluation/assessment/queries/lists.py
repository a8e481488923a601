"""The secretariat's list of a turn: the database filters, sorts and counts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_noop

from applications.models import UNSCORED, Application, Partner, StageEntry, known_status
from applications.workflow import GONE, StageState, Status
from evaluation.assessment.models import Assignment
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.closed import ClosedCases, out_or_must_answer
from evaluation.assessment.queries.desk import given_in
from evaluation.assessment.turn import Turn, address, kept_address
from portal.communities.models import Organisation, OrganisationKind, Seat, User
from portal.communities.standing import Standing
from portal.formats import MISSING

PER_PAGE = 50
NOT_TO_DISTRIBUTE = gettext_noop("Minst én av dem du har valgt, er ikke til vurdering her nå, eller er stengt for deg.")
SORTS = {
    "title": "application__title",
    "community": "application__community__name",
    "amount": "shown_amount",
    "submitted": "submitted_at",
    "total": "shown_total",
    "status": "place_of_status",
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
    # Its number in the list, from 1.
    number: int
    # Whether it can be chosen to be given to assessors.
    is_in_work: bool

    def url(self, filter_of_list: str) -> str:
        """The address of the application, which keeps the filter of the list and the number in it."""
        return kept_address(address("detail", self.code), filter_of_list, self.number)

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
    return Case(When(closed.out_of_case, then=known_status("application__")), default=F("status"))


def is_closed(closed: ClosedCases) -> Combinable:
    """Whether the case is closed to the person: scores and what follows from them are hidden."""
    if closed.barred is None:
        return Value(False)
    return Case(When(closed.barred, then=Value(True)), default=Value(False))


def size(entries: QuerySet[StageEntry]) -> int:
    """How many entries there are."""
    return entries.count()


def requested(entries: QuerySet[StageEntry], closed: ClosedCases) -> dict[str, int]:
    """What those that compete ask for (kroner) but for those closed to the person, and how many these are; one query.

    ``count`` is how many compete, with those that are closed; ``gone`` how many are not admitted or withdrawn.
    """
    marked = entries.order_by().annotate(is_closed=is_closed(closed))
    is_gone = Q(is_closed=False, status__in=GONE)
    return marked.aggregate(
        total=Coalesce(Sum("requested_amount", filter=Q(is_closed=False) & ~Q(status__in=GONE)), 0),
        count=Count("application", filter=~is_gone),
        closed=Count("application", filter=Q(is_closed=True)),
        gone=Count("application", filter=is_gone),
    )


def filtered(turn: Turn, chosen: Mapping[str, Any], closed: ClosedCases) -> QuerySet[StageEntry]:
    """The entries of the turn that fit the choices; an empty choice does not filter."""
    entries = turns.entries(turn)
    if chosen.get("status"):
        entries = entries.annotate(shown_status=shown_status(closed)).filter(shown_status=chosen["status"])
    if chosen.get("assessor"):
        given = Assignment.objects.filter(stage=turn.stage, assessor=chosen["assessor"])
        entries = entries.filter(application__in=given.values("application"))
        # Who assesses a case is not told to one who is out of it.
        entries = entries if closed.out_of_case is None else entries.exclude(closed.out_of_case)
    if chosen.get("municipality"):
        partners = Partner.objects.filter(organisation=chosen["municipality"])
        entries = entries.filter(application__in=partners.values("application"))
    if chosen.get("text"):
        text = chosen["text"].strip()
        named = Partner.objects.filter(organisation__name__holds=text).values("application")
        here = Q(application__title__holds=text) | Q(application__code=text.upper())
        entries = entries.filter(here | Q(application__in=named))
    return entries


def ordered(entries: QuerySet[StageEntry], sort: str, closed: ClosedCases) -> QuerySet[StageEntry]:
    """The entries in the order asked for; by default the newest first.

    The order reveals nothing about cases that are closed to the person.
    """
    name = sort.removeprefix("-")
    key = SORTS.get(name, SORTS["submitted"])
    down = sort.startswith("-") or name not in SORTS
    # These make the query long, so each is added for its order alone.
    if name == "status":
        entries = entries.annotate(shown_status=shown_status(closed)).annotate(place_of_status=_BY_PROCESS)
    if name in {"amount", "total"}:
        entries = entries.annotate(is_closed=is_closed(closed))
    if name == "amount":
        entries = entries.annotate(shown_amount=Case(When(is_closed=False, then=F("requested_amount"))))
    if name == "total":
        points = NullIf("total", Value(UNSCORED))
        entries = entries.annotate(shown_total=Case(When(is_closed=False, then=points)))
    if name in {"", "submitted"} or name not in SORTS:
        # Every entry has a time, so nulls need no place; an index is read in its order only when none is asked for.
        return entries.order_by("-submitted_at" if down else "submitted_at", "application_id")
    order = F(key).desc(nulls_last=True) if down else F(key).asc(nulls_last=True)
    return entries.order_by(order, "-submitted_at", "application_id")


def rows(read: Iterable[tuple[Any, ...]], first: int) -> list[Row]:
    """The rows of what ``records`` reads; the first of them is number ``first`` of the list."""
    return [_row(record, number) for number, record in enumerate(read, start=first)]


def _row(record: tuple[Any, ...], number: int) -> Row:
    pk, code, title, status, community, lead, requested, submitted_at, *result = record
    total, must_discuss, delivered, assigned, closed, state = result
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
        number=number,
        is_in_work=state == StageState.IN_WORK,
    )


def known(sort: str) -> str:
    """The name of the order; empty when there is no such order."""
    return sort if sort.removeprefix("-") in SORTS else ""


def records(
    turn: Turn, entries: QuerySet[StageEntry], sort: str, positions: range, closed: ClosedCases
) -> QuerySet[StageEntry, tuple[Any, ...]]:
    """The columns of the list at these positions of the entries, in the order asked for; one query.

    Which entries they are is found among the entries alone; what is shown of them is read for those afterwards.
    """
    shown = ordered(entries, sort, closed)[positions.start : positions.stop].values("application")
    assigned = (
        Assignment.objects.filter(application=OuterRef("application"), stage=turn.stage)
        .order_by()
        .values("application")
        .annotate(n=Count("pk"))
        .values("n")
    )
    page = (
        turns.entries(turn)
        .filter(application__in=shown)
        .annotate(
            result=FilteredRelation("application__results", condition=Q(application__results__stage=turn.stage)),
            status_shown=shown_status(closed),
            closed=is_closed(closed),
        )
    )
    return ordered(page, sort, closed).values_list(
        "application_id",
        "application__code",
        "application__title",
        "status_shown",
        "application__community__name",
        turns.lead_name(),
        "requested_amount",
        "submitted_at",
        "result__total",
        "result__must_discuss",
        "result__delivered",
        Coalesce(Subquery(assigned), 0),
        "closed",
        "state",
    )


def to_distribute(turn: Turn, codes: Collection[str], standing: Standing) -> QuerySet[Application]:
    """Those that the person can give to assessors: assessed in the turn now, and open to the person.

    Those of the ``codes``; all when there are none.
    """
    able = turns.in_work(turn).exclude(out_or_must_answer(standing))
    # What is no code is not asked of the database: PostgreSQL refuses some characters.
    asked = [code for code in codes if code.isascii() and code.isalnum()]
    return able.filter(code__in=asked) if codes else able


def can_distribute(turn: Turn, standing: Standing, shown: Collection[Row]) -> bool:
    """Whether there is anything that the person can give to assessors; one query when no row that is shown tells it."""
    return any(row.is_in_work and not row.closed for row in shown) or to_distribute(turn, (), standing).exists()


def with_assessors(turn: Turn, applications: Collection[Application]) -> list[tuple[Application, list[str]]]:
    """The applications, each with the names of those who are asked to assess it in the turn; one query."""
    asked = Assignment.objects.filter(stage=turn.stage, application__in=applications).order_by("assessor__name", "pk")
    names: dict[int, list[str]] = defaultdict(list)
    for pk, name in asked.values_list("application_id", "assessor__name"):
        names[pk].append(name)
    return [(application, names[application.pk]) for application in applications]


def without_assessor(turn: Turn, applications: Collection[Application], day: date) -> int:
    """How many of the applications nobody has been given, nor has assessed, in the turn; one query."""
    has_one = (
        given_in(turn, day)
        .filter(application__in=applications)
        .values_list("application", flat=True)
        .distinct()
        .order_by()
    )
    return len(applications) - has_one.count()


# --- the filter's choices -------------------------------------------------------------------------------


def status_counts(turn: Turn, closed: ClosedCases) -> dict[str, int]:
    """The number of applications by the status that the person sees, in the order of the process.

    One query, and one more when the person is inhabil in a case.
    """
    entries = turns.entries(turn)
    counts = Counter(dict(entries.order_by().values_list("status").annotate(n=Count("*"))))
    if closed.out_of_case is not None:
        hidden = entries.filter(closed.out_of_case).order_by().values_list("status", known_status("application__"))
        for real, known in hidden:
            counts.subtract([real])
            counts.update([known])
    return {status: counts[status] for status in Status if counts[status]}


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


def assessors(turn: Turn, closed: ClosedCases) -> list[tuple[int, str]]:
    """Those who have an assignment in the turn, in a case that the person who reads is not out of."""
    given = User.objects.annotate(given=_first_given(turn, closed.out_of_case)).filter(given__isnull=False)
    return list(given.order_by("name", "pk").values_list("pk", "name"))


def _first_given(turn: Turn, without: Q | None = None) -> Subquery:
    """One assignment of a user in the turn: asked for each of the users, and not for each of the assignments."""
    here = turns.entries(turn).filter(application=OuterRef("application"))
    given = Assignment.objects.filter(Exists(here), stage=turn.stage, assessor=OuterRef("pk")).order_by()
    given = given if without is None else given.exclude(without)
    return Subquery(given.values("application")[:1])


def eligible(turn: Turn, day: Any, *, without: Q | None = None) -> QuerySet[User]:
    """Those who may be asked to assess: members of the turn's bodies, and those with an assignment in the turn.

    An assignment in an application that fits ``without`` does not count.
    """
    seated = Seat.objects.current(day).filter(turn.bodies).values("user")
    people = User.objects.annotate(given=_first_given(turn, without)).filter(Q(pk__in=seated) | Q(given__isnull=False))
    return people.filter(is_active=True).order_by("name", "pk")


def chosen_among(keys: Iterable[int]) -> QuerySet[User]:
    """The people with these ids, as the choices of a field. No query itself."""
    return User.objects.filter(pk__in=list(keys))


def concerned(application: Application, turn: Turn, day: Any) -> QuerySet[User]:
    """Those whose habilitet in the application may be decided: the eligible, and those who were asked already."""
    asked = application.habilitet.values("person")
    return User.objects.filter(Q(pk__in=eligible(turn, day).values("pk")) | Q(pk__in=asked))
