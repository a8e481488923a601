"""The cases that the page of a case leads to: what it builds on, what builds on it (R127), and those beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.queries.habilitet import closed_to
from evaluation.meetings.queries.papers import visible_cases
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case as its number is written from this one; ``case`` only for who may read it, to name and open it."""

    reference: str
    case: Case | None


@dataclass(frozen=True, slots=True)
class Related:
    """The earlier cases of a case and those that follow it, the oldest first; and those beside it on the agenda."""

    earlier: Sequence[RelatedCase]
    following: Sequence[RelatedCase]
    beside: Sequence[Case]


def related_to(case: Case, standing: Standing) -> Related:
    """All of them; one query.

    The paper and the minutes tell everybody the numbers of the earlier ones. One that follows is told of to those who
    may read it.
    """
    follows = Q(pk__in=case.later.order_by().values("pk")) | Q(follows=case.pk)
    before = Q(pk__in=case.earlier.order_by().values("pk")) | Q(pk=case.follows_id)
    readable = Case.objects.filter(meeting__in=Meeting.objects.visible_to(standing).order_by().values("pk"))
    readable = readable.exclude(closed_to(standing)).order_by()
    beside = Q(meeting=case.meeting_id, position__in=(case.position - 1, case.position + 1))
    cases = Case.objects.filter(follows | before | beside).select_related("body")
    marked = cases.annotate(is_following=_is(follows), is_open=_is(Q(pk__in=readable.values("pk"))))
    rows = list(marked.order_by("meeting__starts_at", "meeting", "position"))
    told = [
        (row.is_following, RelatedCase(named_from(case, row), row if row.is_open else None))
        for row in rows
        if row.meeting_id != case.meeting_id
    ]
    return Related(
        [row for is_following, row in told if not is_following],
        [row for is_following, row in told if is_following and row.case],
        [row for row in rows if row.meeting_id == case.meeting_id],
    )


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def named_from(case: Case, other: Case) -> str:
    """The number of the other case as it is written in this one: «7/24», of another body «PM 7/24»."""
    return other.reference if other.body_id == case.body_id else f"{other.body.abbreviation} {other.reference}"


def named_earlier(case: Case) -> QuerySet[Case]:
    """The cases that somebody has named as those that it builds on."""
    return case.earlier.select_related("body")


def cases_to_name(case: Case, user: User, *, now: datetime) -> QuerySet[Case]:
    """The cases that it can build on, of those that the person may read: of earlier meetings, in the body's line.

    And of the body that appointed it, or that it has appointed, of those that work for the same people: an FSU and SSU.
    """
    near = Q(pk=case.body.appointed_by_id) | Q(appointed_by=case.body_id)
    bodies = Body.objects.filter(Q(pk__in=case.body.line.values("pk")) | near).order_by()
    open_to = visible_cases(user, now=now).exclude(closed_to(standing_at(user, now)))
    named = case.earlier.order_by().values("pk")
    earlier = open_to.filter(body__in=bodies.values("pk"), meeting__starts_at__lt=case.meeting.starts_at)
    return earlier.exclude(Q(pk__in=named) | Q(pk=case.pk) | Q(pk=case.follows_id or 0))
