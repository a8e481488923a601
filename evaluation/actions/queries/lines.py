"""What the pages of a meeting say of the body's follow-up list."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.actions.queries import line_of
from evaluation.actions.queries.asked import meetings_to_go_through
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.meetings.questions import FollowUp
from portal.clock import local_date
from portal.communities.queries import standing_at


def follow_up_of(meeting: Meeting, user: Any, now: datetime) -> FollowUp:
    """The answer to the question of the meeting's pages; one query, two for the secretariat of adopted minutes."""
    standing = standing_at(user, now)
    line = line_of(meeting.body, standing, local_date(now))
    said = ngettext("%(n)s åpen", "%(n)s åpne", line.open) % {"n": line.open} if line.open else _("ingen åpne")
    if line.late:
        said += ngettext(", %(n)s over fristen", ", %(n)s over fristen", line.late) % {"n": line.late}
    asks_url = ""
    keeps = meeting.status == MeetingStatus.ADOPTED and standing.is_secretariat_of(meeting.body)
    if keeps and meetings_to_go_through(standing, now, meeting):
        asks_url = reverse("actions:go_through", args=[meeting.pk])
    return FollowUp(said, reverse("actions:list", args=[meeting.body.code]), asks_url)
