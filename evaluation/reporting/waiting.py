"""What waits for a secretariat on the front page: the reports that are soon due."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from evaluation.reporting.queries import due_soon, receiver_of
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask

# So long before its deadline a report is named on the front page.
AHEAD = timedelta(days=60)


def reports(user: Any, now: datetime) -> list[WaitingTask]:
    """For a secretariat: the reports it has begun and not sent, first what is due first; one query at most."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Skriv %(report)s") % {"report": row.title},
            url=row.get_absolute_url(),
            hint=_("Fra %(sender)s til %(receiver)s") % {"sender": row.sender.name, "receiver": receiver_of(row)},
            due_at=end_of_day(row.due_date) if row.due_date else None,
            act=_("Skriv rapporten"),
        )
        for row in due_soon(standing, local_date(now) + AHEAD)
    ]
