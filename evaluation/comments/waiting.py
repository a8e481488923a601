"""What waits on the front page: comments to write, and comments to take into a case."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.comments.queries import asked_to_write, rounds_to_close
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask


def to_write(user: Any, now: datetime) -> list[WaitingTask]:
    """The comments that the person's bodies and organisations are asked for; one query, none for who has no place."""
    standing = standing_at(user, now)
    if not (standing.chaired_body_ids or standing.organisation_ids):
        return []
    return [
        WaitingTask(
            title=_("Gi innspill til sak %(case)s: %(title)s")
            % {"case": asked.round.case.reference, "title": asked.round.case.title},
            url=asked.round.get_absolute_url(),
            hint=_("%(asked)s er spurt av %(body)s") % {"asked": asked.name, "body": asked.round.case.body.name},
            due_at=end_of_day(asked.round.due_date),
            act=_("Skriv innspillet"),
        )
        for asked in asked_to_write(standing, local_date(now))
    ]


def to_close(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the rounds whose date is past, until it has taken the comments into the case."""
    return [
        WaitingTask(
            title=_("Ta inn innspillene til sak %(case)s") % {"case": of_round.case.reference},
            url=of_round.get_absolute_url(),
            hint=of_round.case.body.name,
            due_at=of_round.case.meeting.starts_at,
            act=_("Les innspillene"),
        )
        for of_round in rounds_to_close(standing_at(user, now), local_date(now))
    ]
