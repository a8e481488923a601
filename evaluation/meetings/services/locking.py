"""Every act in a meeting locks the meeting's row first, and tells the screens of the change at the end."""

from datetime import datetime
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from evaluation.meetings.models import BallotStatus, Case, Meeting, MeetingStatus
from evaluation.meetings.queries.habilitet import why_not_whole, why_out
from portal.acts import held
from portal.cells import Merge
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal


class MeetingError(DomainError):
    """The act is not possible as the meeting is now."""


class WordsNeededError(MeetingError):
    """The resolution lacks words that the body must write: the form is shown, and not the sentence alone."""


class MeetingConflictError(MeetingError, ConflictError):
    """Somebody else was first."""


def locked(meeting_id: int) -> Meeting:
    """The meeting as it is now, with its row locked until the transaction ends."""
    return held(Meeting.objects.filter(pk=meeting_id)).select_related("body__community", "body__region").get()


def locked_with_body(meeting: Meeting, *others: int) -> Meeting:
    """As ``locked``, with the body's row locked first: nobody else opens its meetings or takes its case numbers.

    ``others`` are the ids of meetings that are locked with it, in the order of their keys.
    """
    held(Body.objects.filter(pk=meeting.body_id)).get()
    if others:
        list(held(Meeting.objects.filter(pk__in=[meeting.pk, *others])))
    return locked(meeting.pk)


def locked_case(case: Case) -> Case:
    """The case as it is now, with its meeting locked."""
    meeting = locked(case.meeting_id)
    rows = Case.objects.select_related("application", "priority_list__stage", "recommendation")
    fresh = rows.get(pk=case.pk)
    fresh.meeting = meeting
    return fresh


def case_led_by(by: User, case: Case, at: datetime) -> Case:
    """As ``locked_case``, for an act that ``by`` does in the case.

    Raises MeetingError when ``by`` is out of the case: inhabil, or asked about. The view has asked before, and the
    question may have been raised since.
    """
    case = locked_case(case)
    require_in_case(by, case, _("lede behandlingen av den"))
    require_sees_whole(by, case, at)
    return case


def require_in_case(by: User, case: Case, what: str) -> None:
    """Raise MeetingError when the person is out of the case, and so may not do this (``what``, an infinitive)."""
    if reason := why_out(by.pk, case, what):
        raise MeetingError(reason)


def require_sees_whole(by: User, case: Case, at: datetime) -> None:
    """Raise MeetingError in the case of an allocation when an application on its list is closed to the person."""
    if reason := why_not_whole(standing_at(by, at), case):
        raise MeetingError(reason)


def tell(act: str, meeting: Meeting, *, by: User, at: datetime, subject: Model | None = None, **data: Any) -> None:
    """Write the log entry, and raise the revision, so that every screen gets its new content."""
    Meeting.objects.filter(pk=meeting.pk).update(revision=F("revision") + 1)
    tell_quietly(act, meeting, by=by, at=at, subject=subject, **data)


def tell_quietly(
    act: str, meeting: Meeting, *, by: User, at: datetime, subject: Model | None = None, **data: Any
) -> None:
    """Write the log entry of a vote: it changes the screen of the person and the count of those who lead, no other."""
    journal.record(
        act, subject=subject or meeting, by=by, at=at, community=meeting.body.tenant, meeting=meeting.pk, **data
    )


def tell_written(
    act: str,
    meeting: Meeting,
    merge: Merge,
    *,
    quietly: bool,
    by: User,
    at: datetime,
    subject: Model | None = None,
) -> None:
    """Tell of texts that were written. What the page's script saves on the way (``quietly``) changes no screen."""
    if not merge.changes:
        return
    fields = sorted(merge.changes)
    if not quietly:
        tell(act, meeting, by=by, at=at, subject=subject, fields=fields)
    elif not journal.was_told(act, subject=subject or meeting, by=by, at=at, fields=fields):
        tell_quietly(act, meeting, by=by, at=at, subject=subject, fields=fields)


def require_planned(meeting: Meeting, said: str) -> None:
    """Raise unless the meeting is planned: that it is cancelled, else what is ``said`` of one that is set."""
    _require_not_cancelled(meeting)
    if meeting.status != MeetingStatus.PLANNED:
        raise MeetingError(said)


def _require_not_cancelled(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise MeetingConflictError(_("Møtet er avlyst."))


def require_open(meeting: Meeting) -> None:
    """Raise unless the meeting is going on."""
    _require_not_cancelled(meeting)
    if meeting.status == MeetingStatus.PLANNED:
        raise MeetingError(_("Møtet er ikke satt ennå."))
    if not meeting.is_open:
        raise MeetingError(_("Møtet er hevet."))


def require_not_over(meeting: Meeting) -> None:
    """Raise when the meeting has been closed, or is cancelled."""
    _require_not_cancelled(meeting)
    if meeting.is_over:
        raise MeetingError(_("Møtet er hevet. Sakene kan ikke endres."))


def require_in_hand(case: Case) -> None:
    """Raise unless the meeting is on the case, and the case is not settled."""
    require_open(case.meeting)
    if case.is_settled:
        raise MeetingConflictError(
            _("Sak %(case)s er allerede ferdig behandlet: %(status)s.")
            % {"case": case.reference, "status": case.get_status_display().lower()}
        )
    if case.meeting.current_case_id != case.pk:
        raise MeetingError(_("Møtet er ikke kommet til sak %(case)s.") % {"case": case.reference})


def require_no_ballot(case: Case) -> None:
    """Raise while a ballot on the case is open."""
    if case.ballots.filter(status=BallotStatus.OPEN).exists():
        raise MeetingError(_("Lukk voteringen i sak %(case)s først.") % {"case": case.reference})
