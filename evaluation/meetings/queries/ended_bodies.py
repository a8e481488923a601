"""What a body leaves when it ends: meetings that were held, and work that another body must go on with."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import WITHDRAWABLE, Status
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.meetings.queries.agenda import postponed_in
from portal import clock
from portal.communities.models import Body
from portal.formats import date_no
from rounds.models import Stage

# Sent, and not decided yet.
_WAITING = WITHDRAWABLE - {Status.DRAFT}


def held_after(body_id: int, day: date) -> list[datetime]:
    """When the body was last in each of the meetings that it has held after the day (local date).

    A meeting that was opened again was held on that day, too.
    """
    last = Max("reopenings__reopened_at", default=F("opened_at"))
    held = Meeting.objects.filter(body=body_id).annotate(last=last).filter(last__gte=clock.end_of_day(day))
    return list(held.order_by().values_list("last", flat=True))


def planned(body: Body) -> QuerySet[Meeting]:
    """The meetings that the body has planned and not held, the first first."""
    return Meeting.objects.filter(body=body, status=MeetingStatus.PLANNED).order_by("starts_at", "pk")


def unfinished_in(body: Body, now: datetime) -> list[str]:
    """A sentence for each kind of work that the body leaves when it ends."""
    return list(_unfinished(body, now))


def _unfinished(body: Body, now: datetime) -> Iterator[str]:
    days = [date_no(meeting.starts_at) for meeting in planned(body)]
    if days:
        yield _("%(body)s har planlagt møte %(days)s.") % {"body": body, "days": ", ".join(days)}
    cases = [case.reference for case in postponed_in(body)]
    if cases:
        yield _("Sak %(cases)s er utsatt.") % {"cases": ", ".join(cases)}
    for stage in _stages(body):
        if _is_needed(stage, body, now):
            words = {"stage": stage.name, "round": stage.round}
            yield _("«%(stage)s» i «%(round)s» er ikke ferdig.") % words


def _stages(body: Body) -> QuerySet[Stage]:
    """The stages that the body has work in: those that name it, and those for the body of each helsefellesskap."""
    waiting_here = Q(body__in=body.line)
    if body.community_id and not Body.objects.filter(
        kind=body.kind, community=body.community_id, last_day=None
    ).exclude(pk=body.pk):
        waiting_here |= Q(body=None, body_kind=body.kind, round__communities=body.community_id)
    stages = Stage.objects.filter(waiting_here, round__withdrawn_at=None, round__cancelled_at=None)
    return stages.select_related("round").order_by("pk").distinct()


def _is_needed(stage: Stage, body: Body, now: datetime) -> bool:
    """Whether the round is open or to come, or somebody's application in it waits for a decision."""
    closes = stage.round.closes_for(body.community) if body.community else stage.round.closes_last
    if closes > now:
        return True
    waiting = Application.objects.filter(round=stage.round, status__in=_WAITING)
    return (waiting.filter(community=body.community_id) if body.community_id else waiting).exists()
