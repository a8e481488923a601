"""Lists of meetings and cases, and what can be put on an agenda."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from applications.models import Application
from applications.workflow import DECIDABLE_STATUSES, GONE
from evaluation.assessment.models import PriorityList
from evaluation.meetings import numbering
from evaluation.meetings.models import WAITS_AGAIN, Attendance, Ballot, Case, Meeting, MeetingStatus
from evaluation.meetings.queries.habilitet import closed_to
from portal.clock import OSLO, end_of_day, local_date
from portal.communities.models import Body, BodyKind, Seat, User, serves
from portal.communities.queries import officers_of, standing_at
from portal.communities.standing import Standing
from portal.invisible import drop_invisible
from rounds.models import Round

# A meeting waits for those who are called to it when it is so near.
SOON = timedelta(days=7)
_ENDED = (MeetingStatus.CLOSED, MeetingStatus.ADOPTED, MeetingStatus.CANCELLED)
_HAS_ENDED = Q(status__in=_ENDED)


def visible_meetings(user: User, *, now: datetime) -> QuerySet[Meeting]:
    """The meetings the person may see, with what their pages name."""
    return Meeting.objects.visible_to(standing_at(user, now)).select_related("body__community", "body__region")


def visible_ballots(user: User, *, now: datetime) -> QuerySet[Ballot]:
    """The ballots of the meetings that the person may see."""
    meetings = visible_meetings(user, now=now).values("pk")
    return Ballot.objects.filter(case__meeting__in=meetings).select_related("case__meeting__body")


@dataclass(frozen=True, slots=True)
class Lists:
    """The person's meetings: those to come and those held or cancelled, and whether the person plans any."""

    coming: QuerySet[Meeting]
    held: QuerySet[Meeting]
    plans: bool


def meeting_lists(user: User, *, now: datetime) -> Lists:
    """The meetings of the person's bodies and of those the person prepares."""
    standing = standing_at(user, now)
    meetings = visible_meetings(user, now=now).annotate(case_count=Count("cases"))
    return Lists(
        coming=meetings.exclude(_HAS_ENDED).order_by("starts_at", "pk"),
        held=meetings.filter(_HAS_ENDED).order_by("-starts_at", "-pk"),
        plans=standing.is_officer,
    )


def near_meetings(user: User, *, now: datetime, most: int = 2) -> list[Meeting]:
    """Of the meetings that the person may see, those that come next, and then the last that were held; one query.

    Those that wait for the person (``meetings_waiting``) are told of there.
    """
    visible = Meeting.objects.visible_to(standing_at(user, now))
    waiting = meetings_waiting(user, now=now).order_by().values("pk")
    coming = visible.exclude(_HAS_ENDED).exclude(pk__in=waiting).order_by("starts_at", "pk").values("pk")[:most]
    held = visible.filter(_HAS_ENDED).order_by("-starts_at", "-pk").values("pk")[:most]
    near = Meeting.objects.filter(Q(pk__in=coming) | Q(pk__in=held)).select_related("body__community", "body__region")
    by_time = sorted(near, key=lambda meeting: (meeting.starts_at, meeting.pk))
    return [
        *(meeting for meeting in by_time if meeting.status not in _ENDED),
        *(meeting for meeting in reversed(by_time) if meeting.status in _ENDED),
    ]


def bodies_planned_by(user: User, *, now: datetime) -> QuerySet[Body]:
    """The bodies whose meetings the person plans: those that the person's secretariat serves."""
    standing = standing_at(user, now)
    return (
        Body.objects.administered_by(standing)
        .filter(last_day=None)
        .exclude(kind=BodyKind.SECRETARIAT)
        .select_related("community", "region")
        .order_by("kind", "name")
    )


def meetings_prepared_by(standing: Standing) -> QuerySet[Meeting]:
    """The meetings of the bodies that the person's secretariat serves, with their bodies."""
    served = Body.objects.administered_by(standing).values("pk")
    return Meeting.objects.filter(body__in=served).select_related("body__community", "body__region")


def lists_of(body: Body) -> QuerySet[PriorityList]:
    """The priority lists of the stages in which the body meets, also those that cannot be put up (any more)."""
    return PriorityList.objects.of_body(body).select_related("round", "stage").defer("document__snapshot")


def lists_ready_for(body: Body) -> QuerySet[PriorityList]:
    """Frozen priority lists of the stages in which the body meets, in any round, that no meeting has on its agenda."""
    taken = Case.objects.filter(priority_list__isnull=False, application=None).exclude(WAITS_AGAIN)
    return (
        lists_of(body)
        .filter(frozen_at__isnull=False, round__cancelled_at=None)
        .exclude(pk__in=taken.values("priority_list"))
        .annotate(applications=Count("recommendations"))
        .order_by("-frozen_at")
    )


def rounds_with_case(body: Body) -> QuerySet[Round] | None:
    """The rounds that the body handles and whose files have a case about the round itself; None when there is none."""
    handled = Q(communities=body.community) if body.community_id else Q(stages__body__in=body.line)
    with_case = [one.pk for one in Round.objects.filter(handled).distinct() if one.spec.decision.case]
    return Round.objects.filter(pk__in=with_case) if with_case else None


def postponed_in(body: Body) -> QuerySet[Case]:
    """Cases of the body, or of one that it goes on from, that are put off or left by a cancelled meeting, and wait."""
    return _still_postponed().filter(body__in=body.line).select_related("meeting")


def postponed_by_body(standing: Standing) -> list[tuple[str, int]]:
    """The names of the bodies that the person's secretariat serves, each with how many cases it has put off; one query.

    Those of a meeting that is over or cancelled, which nobody has taken up again and which are open to the person.
    """
    served = Body.objects.administered_by(standing).values("pk")
    cases = _still_postponed().filter(body__in=served, meeting__status__in=_ENDED)
    closed = Case.objects.filter(closed_to(standing)).order_by().values("pk")
    counts = cases.exclude(pk__in=closed).order_by("body__name").values_list("body__name")
    return list(counts.annotate(n=Count("pk")))


def _still_postponed() -> QuerySet[Case]:
    cases = Case.objects.filter(WAITS_AGAIN, followed_by=None)
    # A case of a list decides nothing more when its application or its round is withdrawn.
    withdrawn = Q(application__status__in=GONE) | Q(priority_list__round__cancelled_at__isnull=False)
    withdrawn &= Q(priority_list__isnull=False)
    return cases.exclude(withdrawn)


def agenda(meeting: Meeting) -> QuerySet[Case]:
    """The cases of the meeting in order, with how they ended."""
    return meeting.cases.select_related("resolution", "application").order_by("position", "number")


def case_count(meeting: Meeting) -> int:
    """How many cases the meeting has."""
    return meeting.cases.count()


@dataclass(frozen=True, slots=True)
class SinceCall:
    """What the members of a meeting have not been told since they were called.

    ``put_up`` and ``gone`` are numbers of cases, and ``seats`` of members who came to the body later.
    """

    is_moved: bool = False
    put_up: int = 0
    gone: int = 0
    seats: int = 0


def since_call(meeting: Meeting) -> SinceCall:
    """What has changed since the members of the meeting were called; two queries, none when they are not."""
    if not meeting.called_at:
        return SinceCall()
    new = Seat.objects.current(local_date(meeting.starts_at)).filter(body=meeting.body_id)
    return SinceCall(
        is_moved=meeting.moved_since_call,
        put_up=meeting.cases.filter(created_at__gt=meeting.called_at).count(),
        gone=len(list(filter(None, meeting.taken_off_since_call.split(", ")))),
        seats=new.filter(given_at__gt=meeting.called_at).count(),
    )


def tells_again(meeting: Meeting, now: datetime) -> bool:
    """Whether it helps to call again: before the day of a planned meeting, and on it when it was moved."""
    is_before = local_date(now) < local_date(meeting.starts_at) or meeting.moved_since_call
    return meeting.status == MeetingStatus.PLANNED and is_before


def _untold(now: datetime) -> Q:
    """The same of the meetings of a query, each with its local ``day``: those with something that is not told."""
    put_up = Case.objects.filter(meeting=OuterRef("pk"), created_at__gt=OuterRef("called_at"))
    day = OuterRef("day")
    new = Seat.objects.filter(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day, body=OuterRef("body"))
    later = Q(Exists(put_up)) | ~Q(taken_off_since_call="") | Q(Exists(new.filter(given_at__gt=OuterRef("called_at"))))
    before = Q(starts_at__gte=end_of_day(local_date(now)))
    return Q(called_at__isnull=False, status=MeetingStatus.PLANNED) & (Q(moved_since_call=True) | (before & later))


def goes_with(case: Case) -> QuerySet[Case]:
    """The cases that are taken off the agenda with this one, itself among them: of a list all, else the case alone."""
    if case.priority_list_id and case.follows_id is None:
        return Case.objects.filter(meeting=case.meeting_id, priority_list=case.priority_list_id, follows=None)
    return Case.objects.filter(pk=case.pk)


def cases_like(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The cases with the number, however it is written (R126), or with the text in the title; newest number first."""
    cases = cases.order_by("-year", "-number")
    text = drop_invisible(text)
    if not text.strip():
        return cases
    if number := numbering.parse(text):
        return cases.filter(year=number.year, number=number.number)
    return cases.filter(title__holds=text)


def secretaries_of(meeting: Meeting) -> QuerySet[User]:
    """Those who can be secretary of the meeting: the body's secretariat on its days, and everybody on the roll."""
    can_be = Q(pk__in=meeting.attendances.order_by().values("seat__user"))
    begun = [meeting.held_at, *meeting.reopenings.values_list("reopened_at", flat=True)]
    for day in {local_date(moment) for moment in begun}:
        can_be |= Q(pk__in=officers_of(meeting.body, day).order_by().values("pk"))
    return User.objects.filter(can_be).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class CallPage:
    """Who is called to a meeting, and to how many cases."""

    roll: QuerySet[Attendance]
    cases: int


def call_page(meeting: Meeting) -> CallPage:
    """Everybody on the meeting's roll, by side and name, and the number of cases."""
    roll = meeting.attendances.select_related("seat__user", "seat__deputy_for__user", "seat__organisation")
    return CallPage(roll.order_by("seat__side", "seat__user__name"), meeting.cases.count())


def lists_without_meeting(standing: Standing) -> list[PriorityList]:
    """The locked lists of the stages that decide, at the person's secretariat, that no meeting has had a case about.

    One query, and one for the rules of each list's round.
    """
    served = Q(community__in=standing.secretariat_community_ids) | Q(
        community=None, stage__body__region__in=standing.secretariat_region_ids
    )
    undecided = Application.objects.filter(recommendations__priority_list=OuterRef("pk"), status__in=DECIDABLE_STATUSES)
    locked = (
        PriorityList.objects.filter(served, Exists(undecided), frozen_at__isnull=False)
        .exclude(pk__in=Case.objects.filter(priority_list__isnull=False).values("priority_list"))
        .select_related("round", "stage")
        .defer("document__snapshot")
        .order_by("frozen_at")
    )
    return [item for item in locked if item.round.spec.deciding_stage.code == item.stage.code]


def meetings_without_minutes(standing: Standing) -> QuerySet[Meeting]:
    """The meetings that are closed, whose minutes are not adopted, in the bodies that the person chairs or prepares."""
    led = Q(body__in=standing.chaired_body_ids) | serves(standing)
    return Meeting.objects.filter(led, status=MeetingStatus.CLOSED).select_related("body").order_by("closed_at", "pk")


def meetings_waiting(user: User, *, now: datetime) -> QuerySet[Meeting]:
    """Of ``meetings_ahead``, those that wait for the person: on now, within ``SOON``, or not called yet.

    And for who prepares them those whose members must be called again (``is_untold``).
    """
    is_near = Q(status=MeetingStatus.OPEN) | Q(starts_at__lte=now + SOON)
    is_untold = serves(standing_at(user, now)) & _untold(now)
    ahead = (
        meetings_ahead(user, now=now).annotate(day=TruncDate("starts_at", tzinfo=OSLO)).annotate(is_untold=is_untold)
    )
    return ahead.filter(is_near | Q(called_at=None) | Q(is_untold=True))


def meetings_ahead(user: User, *, now: datetime) -> QuerySet[Meeting]:
    """The meetings that are planned or open and that the person is called to or prepares, soonest first.

    Nobody is called to a meeting that has only cases of cancelled rounds.
    """
    standing = standing_at(user, now)
    called = Q(attendances__seat__user=user, called_at__isnull=False)
    unfinished = (MeetingStatus.PLANNED, MeetingStatus.OPEN)
    meetings = visible_meetings(user, now=now).filter(called | serves(standing), status__in=unfinished)
    of_cancelled = Q(priority_list__round__cancelled_at__isnull=False) | Q(
        application__round__cancelled_at__isnull=False
    )
    cases = Case.objects.filter(meeting=OuterRef("pk"))
    idle = Q(Exists(cases.filter(of_cancelled))) & ~Q(Exists(cases.exclude(of_cancelled)))
    # Whether it is called comes first: then the cases of one that is need not be read.
    return meetings.exclude(Q(called_at=None) & idle).order_by("starts_at", "pk").distinct()
