"""Reads for the pages of the follow-up lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from applications.models import Application
from evaluation.actions.models import FollowUpItem, FollowUpItemQuerySet, FollowUpStep, State
from evaluation.assessment.models import PriorityList
from evaluation.meetings.models import Case, MeetingStatus
from evaluation.meetings.queries.habilitet import closed_to
from portal.communities.models import Body, BodyKind
from portal.communities.standing import Standing

# How long before its date an item waits on its owner's front page.
WAITS_BEFORE = timedelta(days=30)


def open_to(items: FollowUpItemQuerySet, standing: Standing) -> FollowUpItemQuerySet:
    """Those of the items that no closed case is behind: neither the one that asked, nor the one it comes back in."""
    closed = Case.objects.filter(closed_to(standing)).order_by().values("pk")
    return items.exclude(case__in=closed).exclude(returns_in__in=closed)


def visible_items(standing: Standing) -> FollowUpItemQuerySet:
    """The items that the person may read: of the bodies one sits on or serves, and those that one owns.

    Who owns an item and sits on no such body reads nothing of an application before its applicants are told.
    """
    reads = FollowUpItem.objects.of_members(standing) | FollowUpItem.objects.served_by(standing)
    untold = Application.objects.filter(announced_at=None).order_by().values("pk")
    lists = PriorityList.objects.filter(recommendations__application__in=untold).order_by().values("pk")
    told = ~Q(case__application__in=untold) & ~Q(case__application=None, case__priority_list__in=lists)
    owns = FollowUpItem.objects.owned_by(standing).filter(told)
    either = Q(pk__in=reads.order_by().values("pk")) | Q(pk__in=owns.order_by().values("pk"))
    return open_to(FollowUpItem.objects.filter(either), standing)


def items_that_wait(standing: Standing, today: date) -> list[FollowUpItem]:
    """The open items that the person owns and that are late or soon due, the first to be due first.

    Two queries. One for those who own none, nearly everybody: what is closed takes long to ask.
    """
    waiting = FollowUpItem.objects.owned_by(standing).filter(state=State.OPEN, due_date__lte=today + WAITS_BEFORE)
    ids = list(waiting.order_by().values_list("pk", flat=True))
    if not ids:
        return []
    return list(visible_items(standing).filter(pk__in=ids).with_case().by_due_date())


def owns(standing: Standing, item: FollowUpItem) -> bool:
    """Whether the person is one of those who are to carry out the item; one query."""
    return FollowUpItem.objects.owned_by(standing).filter(pk=item.pk).exists()


# --- the list of a body -----------------------------------------------------------------------------------


def listed_bodies(standing: Standing) -> QuerySet[Body]:
    """The bodies whose lists the person may read, those that have ended among them."""
    return Body.objects.visible_to(standing).exclude(kind=BodyKind.SECRETARIAT).with_owner()


def items_of(body: Body, standing: Standing) -> FollowUpItemQuerySet:
    """The items of the body, and of those that it goes on from, that are open to the person."""
    return open_to(FollowUpItem.objects.filter(case__body__in=body.line), standing)


@dataclass(frozen=True, slots=True)
class Line:
    """How much a body has asked for that is not carried out, and how much of it is late."""

    open: int
    late: int


def line_of(body: Body, standing: Standing, today: date) -> Line:
    """The sums of the body's list, without what is closed to the person; one query."""
    is_open = Q(state=State.OPEN)
    counts = items_of(body, standing).aggregate(
        open=Count("pk", filter=is_open), late=Count("pk", filter=is_open & Q(due_date__lt=today))
    )
    return Line(**counts)


def lines_of_bodies(standing: Standing, today: date) -> list[tuple[str, str, Line]]:
    """The name and the code of each body that has asked for anything, with the sums of its list; one query.

    Of the bodies that the person sits on or serves, without what is closed to the person. The items of a body that has
    ended are counted with those of the body that goes on from it, as in its list.
    """
    reads = FollowUpItem.objects.of_members(standing) | FollowUpItem.objects.served_by(standing)
    items = open_to(FollowUpItem.objects.filter(pk__in=reads.order_by().values("pk")), standing)
    after = Body.objects.filter(
        continues__predecessor=OuterRef("case__body"), continues__predecessor__last_day__isnull=False, last_day=None
    ).order_by()
    name, code = (Coalesce(Subquery(after.values(field)[:1]), f"case__body__{field}") for field in ("name", "code"))
    is_open = Q(state=State.OPEN)
    bodies = items.order_by().annotate(body_name=name, body_code=code).values("body_name", "body_code")
    counted = bodies.annotate(
        open=Count("pk", filter=is_open), late=Count("pk", filter=is_open & Q(due_date__lt=today))
    ).order_by("body_name", "body_code")
    return [(row["body_name"], row["body_code"], Line(row["open"], row["late"])) for row in counted]


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of a body: what is to be carried out, and what is done or dropped."""

    open: Sequence[Any]
    done: Sequence[Any]
    dropped: Sequence[Any]
    late: int


def list_of(body: Body, standing: Standing, today: date) -> Listed:
    """The body's list, each item with the last that was told of it (``told``, ``told_at``, ``told_by``); one query."""
    items = list(with_last_step(items_of(body, standing)).with_case().by_due_date())
    to_do, done, dropped = ([item for item in items if item.state == state] for state in State)
    return Listed(to_do, done, dropped, sum(item.is_late(today) for item in to_do))


def with_last_step(items: FollowUpItemQuerySet) -> Any:
    """The items with the last sentence about each, when it was told, and by whom."""
    last = FollowUpStep.objects.filter(item=OuterRef("pk")).order_by("-pk")
    return items.annotate(
        told=Subquery(last.values("sentence")[:1]),
        told_at=Subquery(last.values("told_at")[:1]),
        told_by=Subquery(last.values("told_by__name")[:1]),
    )


# --- one item ---------------------------------------------------------------------------------------------


def last_step(item: FollowUpItem) -> int | None:
    """The id of the last that was told of the item."""
    return item.steps.order_by("-pk").values_list("pk", flat=True).first()


def reads_list(standing: Standing, body_id: int) -> bool:
    """Whether the person may read the list of the body (id); one query."""
    return listed_bodies(standing).filter(pk=body_id).exists()


def steps_of(item: FollowUpItem) -> list[FollowUpStep]:
    """What was told of the item, the newest first; one query."""
    return list(item.steps.select_related("told_by").order_by("-pk"))


def cases_to_return_in(item: FollowUpItem, standing: Standing) -> QuerySet[Case]:
    """The cases of later meetings of the body, or of one that goes on from it, that are open to the person."""
    line = Body.objects.filter(Q(pk=item.case.body_id) | Q(continues__predecessor=item.case.body_id)).values("pk")
    later = Case.objects.filter(body__in=line, meeting__starts_at__gt=item.case.meeting.starts_at)
    return later.exclude(closed_to(standing)).select_related("meeting").order_by("-year", "-number")


def cases_that_ask(body: Body, standing: Standing) -> QuerySet[Case]:
    """The resolved cases of the body's adopted minutes that are open to the person, the newest first."""
    resolved = Case.objects.filter(body__in=body.line, meeting__status=MeetingStatus.ADOPTED, resolution__isnull=False)
    return resolved.exclude(closed_to(standing)).order_by("-year", "-number")


def looked_after(standing: Standing) -> FollowUpItemQuerySet:
    """The items whose mail the person looks after: those of the bodies that one serves, without closed ones."""
    return open_to(FollowUpItem.objects.served_by(standing), standing).with_case()


def closed_subjects(standing: Standing) -> dict[str, list[int]]:
    """The items whose log the person may not read, by the log's label; one query."""
    closed = Case.objects.filter(closed_to(standing)).order_by().values("pk")
    items = FollowUpItem.objects.filter(Q(case__in=closed) | Q(returns_in__in=closed))
    return {FollowUpItem._meta.label_lower: list(items.order_by().values_list("pk", flat=True))}
