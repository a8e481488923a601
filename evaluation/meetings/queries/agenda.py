"""Lists of meetings and cases, and what can be put on an agenda."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from evaluation.assessment.models import PriorityList
from evaluation.meetings import numbering
from evaluation.meetings.models import Case, CaseStatus, Meeting, MeetingStatus
from evaluation.meetings.queries.live import visible
from portal.communities.models import Body, BodyKind, User
from portal.communities.queries import standing_at
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Lists:
    """The person's meetings: those to come and those held, and whether the person plans any."""

    coming: QuerySet[Meeting]
    held: QuerySet[Meeting]
    plans: bool


def meeting_lists(user: User, *, now: datetime) -> Lists:
    """The meetings of the person's bodies and of those the person prepares."""
    own = standing_at(user, now)
    meetings = visible(user, now=now).annotate(case_count=Count("cases"))
    is_held = Q(status__in=(MeetingStatus.CLOSED, MeetingStatus.ADOPTED))
    return Lists(
        coming=meetings.exclude(is_held).order_by("starts_at", "pk"),
        held=meetings.filter(is_held).order_by("-starts_at", "-pk"),
        plans=own.is_officer,
    )


def bodies_planned_by(user: User, *, now: datetime) -> QuerySet[Body]:
    """The bodies whose meetings the person plans: those that the person's secretariat serves."""
    own = standing_at(user, now)
    return (
        Body.objects.filter(
            Q(community__in=own.secretariat_community_ids) | Q(region__in=own.secretariat_region_ids),
        )
        .exclude(kind=BodyKind.SECRETARIAT)
        .select_related("community", "region")
        .order_by("kind", "name")
    )


def lists_ready_for(body: Body) -> QuerySet[PriorityList]:
    """Frozen priority lists of the stages in which the body meets, in any round, that no meeting has on its agenda."""
    taken = Case.objects.filter(priority_list__isnull=False, application=None).exclude(status=CaseStatus.POSTPONED)
    return (
        PriorityList.objects.of_body(body)
        .filter(frozen_at__isnull=False)
        .exclude(pk__in=taken.values("priority_list"))
        .select_related("round", "stage")
        .defer("document__snapshot")
        .annotate(applications=Count("recommendations"))
        .order_by("-frozen_at")
    )


def rounds_with_case(body: Body) -> list[Round]:
    """The rounds that the body handles and whose files have a case about the round itself."""
    own = Q(communities=body.community) if body.community_id else Q(stages__body=body)
    return [found for found in Round.objects.filter(own).distinct() if found.spec.decision.case]


def postponed_in(body: Body) -> QuerySet[Case]:
    """Cases that the body has put off and not taken up again."""
    return body.cases.filter(status=CaseStatus.POSTPONED, followed_by=None).select_related("meeting")


def agenda(meeting: Meeting) -> QuerySet[Case]:
    """The cases of the meeting in order, with how they ended."""
    return meeting.cases.select_related("resolution", "application").order_by("position", "number")


def cases_like(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The cases with the number, however written (R126), or with the words in the title."""
    if not text.strip():
        return cases
    if number := numbering.parse(text):
        return cases.filter(year=number.year, number=number.number)
    return cases.filter(title__icontains=text.strip())
