"""What waits for a member or a secretariat before a meeting, on the front page."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.workflow import DECIDABLE
from evaluation.assessment.models import PriorityList
from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.meetings.queries.live import visible
from portal.communities.models import Standing, User
from portal.communities.queries import standing_at
from portal.formats import datetime_no
from portal.rooms import WaitingTask


def lists(user: Any, now: datetime) -> list[WaitingTask]:
    """A task a locked list of the stage that decides, until a meeting has it; one query, and one a list's round."""
    own = standing_at(user, now)
    if not own.is_officer:
        return []
    served = Q(community__in=own.secretariat_community_ids) | Q(
        community=None, stage__body__region__in=own.secretariat_region_ids
    )
    found = (
        PriorityList.objects.filter(served, frozen_at__isnull=False)
        .filter(recommendations__application__status__in=DECIDABLE)
        .exclude(pk__in=Case.objects.filter(priority_list__isnull=False).values("priority_list"))
        .select_related("round", "stage")
        .defer("document__snapshot")
        .order_by("frozen_at")
        .distinct()
    )
    return [
        WaitingTask(_("Sett listen opp i et møte"), reverse("meetings:list"), hint=item.round.title)
        for item in found
        if item.round.spec.deciding_stage.code == item.stage.code
    ]


def meetings(user: User, now: datetime) -> list[WaitingTask]:
    """For the home page: meetings the person is called to or prepares, soonest first; one query."""
    own = standing_at(user, now)
    if not own.body_ids:
        return []
    called = Q(attendances__seat__user=user, called_at__isnull=False)
    coming = visible(user, now=now).filter(
        called | _served(own), status__in=(MeetingStatus.PLANNED, MeetingStatus.OPEN)
    )
    return [
        WaitingTask(
            title=_waiting_title(meeting) % {"body": meeting.body.name},
            # There is no room to enter before the members are called.
            url=meeting.get_absolute_url() if meeting.is_called else reverse("meetings:agenda", args=[meeting.pk]),
            hint=f"{datetime_no(meeting.starts_at)}, {meeting.place}",
        )
        for meeting in coming.order_by("starts_at", "pk").distinct()
    ]


def _served(own: Standing) -> Q:
    return Q(body__community__in=own.secretariat_community_ids) | Q(body__region__in=own.secretariat_region_ids)


def _waiting_title(meeting: Meeting) -> str:
    if meeting.is_open:
        return _("Møtet pågår: %(body)s")
    return _("Møte i %(body)s") if meeting.is_called else _("Kall inn til møte i %(body)s")
