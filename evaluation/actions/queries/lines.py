"""What the pages of a meeting say of the body's follow-up list."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.actions.queries import Line, line_of, lines_of_bodies, visible_items
from evaluation.actions.queries.asked import meetings_to_go_through
from evaluation.actions.queries.rows import due_in_words
from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.meetings.questions import AskedFor, FollowedUp, FollowUp
from portal.clock import local_date
from portal.communities.queries import standing_at


def follow_up_of(meeting: Meeting, user: Any, now: datetime) -> FollowUp:
    """The answer to the question of the meeting's pages; one query, two for the secretariat of adopted minutes."""
    standing = standing_at(user, now)
    line = line_of(meeting.body, standing, local_date(now))
    asks_url = ""
    keeps = meeting.status == MeetingStatus.ADOPTED and standing.is_secretariat_of(meeting.body)
    if keeps and meetings_to_go_through(standing, now, meeting):
        asks_url = reverse("actions:go_through", args=[meeting.pk])
    return FollowUp(_said(line), reverse("actions:list", args=[meeting.body.code]), asks_url)


def _said(line: Line) -> str:
    said = ngettext("%(n)s åpen", "%(n)s åpne", line.open) % {"n": line.open} if line.open else _("ingen åpne")
    if line.late:
        said += ngettext(", %(n)s over fristen", ", %(n)s over fristen", line.late) % {"n": line.late}
    return said


def follow_up_lists(user: Any, now: datetime) -> list[FollowUp]:
    """The answer to the question of the list of meetings; one query."""
    return [
        FollowUp(_said(line), reverse("actions:list", args=[code]), body=body, is_late=bool(line.late))
        for body, code, line in lines_of_bodies(standing_at(user, now), local_date(now))
    ]


def follow_up_in(case: Case, user: Any, now: datetime) -> list[FollowedUp]:
    """The answer to the question of a case paper; one query."""
    today = local_date(now)
    items = visible_items(standing_at(user, now)).filter(case=case).with_case().order_by("pk")
    return [FollowedUp(item.text, str(item.owner), due_in_words(item.due, today), item) for item in items]


def asked_for_in(case: Case, user: Any, now: datetime) -> list[AskedFor]:
    """The answer to the question of a case paper: the items that come back in it; one query."""
    items = visible_items(standing_at(user, now)).filter(returns_in=case).select_related("case").order_by("pk")
    return [AskedFor(_point(item.case.reference, item.reference), item.get_absolute_url()) for item in items]


def _point(case: str, point: str) -> str:
    """«sak 32/24, punkt 4»; of a resolution without numbers the case alone."""
    if not point:
        return _("sak %(case)s") % {"case": case}
    return _("sak %(case)s, punkt %(point)s") % {"case": case, "point": point}
