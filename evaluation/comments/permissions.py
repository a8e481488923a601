"""Who sends a case for comments, changes the round, and writes a comment. Who may read is asked in ``queries``."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.comments.models import Asked, CommentRound, RoundState
from evaluation.comments.queries import writes_for
from evaluation.meetings.models import Case, MeetingStatus
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.permissions import Verdict, allow_if


def can_ask(user: User, case: Case, *, now: datetime) -> Verdict:
    """Send a case for comments, while its meeting is planned: the secretariat of the body."""
    serves = standing_at(user, now).is_secretariat_of(case.body)
    return allow_if(serves, _("Bare sekretariatet sender saker til innspill.")) and _is_before_meeting(case)


def can_change(user: User, of_round: CommentRound, *, now: datetime) -> Verdict:
    """Give a later date, or close the round: the secretariat of the body, until it is closed."""
    allowed = can_ask(user, of_round.case, now=now)
    return allowed and allow_if(not of_round.closed_at, _("Innspillene er hentet inn."), is_past=True)


def can_write(user: User, asked: Asked, *, now: datetime) -> Verdict:
    """Write a comment, or write it anew, until the date: who leads the body, everybody of the organisation."""
    allowed = allow_if(
        writes_for(asked, standing_at(user, now)), _("Bare de som er spurt, skriver innspill.")
    ) and _is_before_meeting(asked.round.case)
    is_out = asked.round.state_on(local_date(now)) == RoundState.OUT
    return allowed and allow_if(is_out, _("Fristen for innspill er ute."), is_past=True)


def _is_before_meeting(case: Case) -> Verdict:
    if case.meeting.is_cancelled:
        return allow_if(None, _("Møtet er avlyst. Saken tar ikke imot innspill nå."), is_past=True)
    is_planned = case.meeting.status == MeetingStatus.PLANNED
    return allow_if(is_planned, _("Møtet er satt. Saken tar ikke imot innspill lenger."), is_past=True)
