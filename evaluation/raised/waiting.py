"""What waits for the secretariat on the front page: the cases that others have raised."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.raised.queries import waiting_for
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import date_in_words
from portal.rooms import WaitingTask

# So many are named one by one on the front page; the list has all.
NAMED_MOST = 5


def raised(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the cases that wait for it, what came first first; one query, none for others."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Se på innmeldt sak: %(title)s") % {"title": row.title},
            url=row.get_absolute_url(),
            hint=_("Til %(body)s fra %(sender)s, %(day)s")
            % {"body": row.body.name, "sender": row.sender.name, "day": date_in_words(local_date(row.raised_at))},
            act=_("Se på saken"),
        )
        for row in waiting_for(standing, NAMED_MOST)
    ]
