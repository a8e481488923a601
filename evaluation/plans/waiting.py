"""What waits for the secretariat on the front page: the status of a plan for the next meeting of the SSU."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.meetings.models import Meeting
from evaluation.plans.queries.plan_status import waiting_for_status
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import date_in_words
from portal.rooms import WaitingTask


def status(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the plans in force that the next planned meeting of the SSU has no status of."""
    standing = standing_at(user, now)
    if not standing.secretariat_community_ids:
        return []
    return [_status(version, meeting) for version, meeting in waiting_for_status(standing, now)]


def _status(version: Any, meeting: Meeting) -> WaitingTask:
    words = {"body": meeting.body.name, "day": date_in_words(local_date(meeting.starts_at))}
    return WaitingTask(
        title=_("Før opp status for %(plan)s") % {"plan": version.title},
        url=version.plan.get_absolute_url(),
        hint=_("%(body)s, møtet %(day)s") % words,
        due_at=meeting.starts_at,
        act=_("Se statusen og før den opp"),
    )
