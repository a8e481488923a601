"""What waits for a member or a secretariat before a meeting and after it, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.meetings.queries.agenda import (
    lists_without_meeting,
    meetings_waiting,
    meetings_without_minutes,
    postponed_by_body,
)
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.formats import beginning_in_words, date_in_words, in_words
from portal.rooms import WaitingTask
from portal.urgency import Stake


def lists(user: Any, now: datetime) -> list[WaitingTask]:
    """A task for each locked list of the stage that decides, until a meeting has a case about it."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(_("Sett listen opp i et møte"), reverse("meetings:list"), hint=item.round.title, act=_("Se møtene"))
        for item in lists_without_meeting(standing)
    ]


def postponed(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the cases of each body that wait to be taken up again, with how many; one query."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=ngettext("Ta opp igjen en sak som venter", "Ta opp igjen %(n)s saker som venter", n)
            % {"n": in_words(n).lower()},
            url=reverse("meetings:list"),
            hint=body,
            act=_("Se møtene"),
        )
        for body, n in postponed_by_body(standing)
    ]


def meetings(user: User, now: datetime) -> list[WaitingTask]:
    """For the home page: the meetings that wait for the person (``meetings_waiting``), soonest first; one query."""
    if not standing_at(user, now).body_ids:
        return []
    return [_of_meeting(meeting, now) for meeting in meetings_waiting(user, now=now)]


def _of_meeting(meeting: Any, now: datetime) -> WaitingTask:
    # There is no room to enter before the members are called, or called anew.
    is_ready = meeting.is_called and not meeting.is_untold
    return WaitingTask(
        title=_waiting_title(meeting) % {"body": meeting.body.name},
        url=meeting.get_absolute_url() if is_ready else reverse("meetings:agenda", args=[meeting.pk]),
        hint=f"{capfirst(beginning_in_words(meeting.held_at, now))}, {meeting.location}",
        act=_("Gå til møtet") if is_ready else _("Se sakslisten"),
        stake=Stake.WAITED_FOR,
        starts_at=meeting.starts_at,
        is_now=meeting.is_open,
    )


def minutes(user: User, now: datetime) -> list[WaitingTask]:
    """The minutes that the person may adopt (``can_adopt_minutes``), the oldest first; one query at most."""
    standing = standing_at(user, now)
    if not (standing.chaired_body_ids or standing.is_officer):
        return []
    return [
        WaitingTask(
            title=_("Les og godkjenn protokollen"),
            url=reverse("meetings:minutes", args=[meeting.pk]),
            hint=_("%(body)s, møtet %(day)s")
            % {"body": meeting.body.name, "day": date_in_words(local_date(meeting.held_at))},
            act=_("Les protokollen"),
            stake=Stake.WAITED_FOR,
        )
        for meeting in meetings_without_minutes(standing)
    ]


def _waiting_title(meeting: Any) -> str:
    if meeting.is_open:
        return _("Møtet pågår: %(body)s")
    if meeting.is_untold:
        return _("Kall inn på nytt til møte i %(body)s")
    return _("Møte i %(body)s") if meeting.is_called else _("Kall inn til møte i %(body)s")
