"""What waits for a person to follow up, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from evaluation.actions.models import FollowUpItem
from evaluation.actions.queries import items_that_wait
from evaluation.actions.queries.asked import meetings_to_go_through
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.formats import date_in_words
from portal.rooms import WaitingTask

TITLE_MOST = 90


def items(user: Any, now: datetime) -> list[WaitingTask]:
    """The items that the person is to carry out, late or soon due; one query."""
    return [_to_carry_out(item) for item in items_that_wait(standing_at(user, now), local_date(now))]


def _to_carry_out(item: FollowUpItem) -> WaitingTask:
    words = {"case": item.case.reference, "text": Truncator(item.text).chars(TITLE_MOST)}
    return WaitingTask(
        title=_("Følg opp sak %(case)s: %(text)s") % words,
        url=item.get_absolute_url(),
        hint=item.case.body.name,
        due_at=end_of_day(item.due_date) if item.due_date else None,
        act=_("Meld hva som er gjort"),
    )


def minutes(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the adopted minutes that ask somebody for something, until it has gone through them."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Før opp det protokollen ber om"),
            url=reverse("actions:go_through", args=[meeting.pk]),
            hint=_("%(body)s, møtet %(day)s")
            % {"body": meeting.body.name, "day": date_in_words(local_date(meeting.held_at))},
            act=_("Gå gjennom punktene"),
        )
        for meeting in meetings_to_go_through(standing, now)
    ]
