"""The minutes: edited, adopted and frozen."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings.documents import MINUTES
from evaluation.meetings.models import CaseStatus, Meeting, MeetingStatus, Minutes, Resolution
from evaluation.meetings.queries.habilitet import closed_in_minutes
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.services.balloting import require_worded
from evaluation.meetings.services.framing import require_within_frames
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError, locked, tell, tell_written
from evaluation.meetings.services.stepping_aside import keep_secretary
from portal.acts import act
from portal.cells import Base, Merge
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.documents import services as documents
from portal.writing import merged

REMARKS_WRITTEN = "minutes.written"


@act
def write_remarks(
    minutes: Minutes,
    *,
    texts: Mapping[str, str],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Write what the meeting's own records do not say: ``remarks``, the one of the ``texts``; see portal/writing.py.

    Raises MeetingError when the minutes are adopted, and when a case in them is closed to ``by``.
    """
    meeting = locked(minutes.meeting_id)
    if closed_in_minutes(standing_at(by, at), meeting):
        raise MeetingError(_("Protokollen har en sak som er stengt for deg. En annen må skrive merknadene."))
    minutes.refresh_from_db()
    if minutes.is_adopted:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    merge = merged({"remarks": minutes.remarks}, texts, base)
    minutes.remarks = merge.changes.get("remarks", minutes.remarks)
    minutes.save(update_fields=["remarks"])
    tell_written(REMARKS_WRITTEN, meeting, merge, quietly=quietly, by=by, at=at)
    return merge


@act
def adopt(minutes: Minutes, *, by: User, at: datetime) -> Minutes:
    """Freeze the minutes with their SHA-256 and have the PDF made; from now on the decisions can be carried out.

    Raises MeetingError unless the meeting is closed, while a case about an application has no reason, when a resolution
    says something else than was decided, and when the awards pass a frame without a word about it; of two who adopt at
    once, one does.
    """
    meeting = locked(minutes.meeting_id)
    if meeting.status in (MeetingStatus.PLANNED, MeetingStatus.OPEN):
        raise MeetingError(_("Hev møtet før protokollen godkjennes."))
    _require_reasons(meeting)
    _require_worded(meeting)
    require_within_frames(meeting, by=by, at=at)
    won = Meeting.objects.filter(pk=meeting.pk, status=MeetingStatus.CLOSED).update(status=MeetingStatus.ADOPTED)
    if not won:
        raise MeetingConflictError(_("Protokollen er allerede godkjent."))
    keep_secretary(meeting, by, at)
    minutes.refresh_from_db()
    content = {
        **minutes_content(meeting, minutes.remarks),
        "adopted_at": at.isoformat(),
        "adopted_by": by.name,
    }
    subject = f"{meeting.body.code}/{meeting.pk}"
    minutes.document = documents.freeze(MINUTES, subject, content, tenant=meeting.body.tenant, by=by, at=at)
    minutes.adopted_by, minutes.adopted_at = by, at
    minutes.save(update_fields=["document", "adopted_by", "adopted_at"])
    tell("minutes.adopted", meeting, by=by, at=at, subject=minutes, sha256=minutes.sha256)
    return minutes


def _require_reasons(meeting: Meeting) -> None:
    """Raise MeetingError with the cases about applications whose resolution has no reason."""
    decided = Resolution.objects.filter(case__meeting=meeting, case__status=CaseStatus.DECIDED, reason="")
    lacking = decided.exclude(case__application=None).select_related("case").order_by("case__position", "case__number")
    if cases := ", ".join(resolution.case.reference for resolution in lacking):
        raise MeetingError(_("Disse sakene mangler begrunnelse: %(cases)s.") % {"cases": cases})


def _require_worded(meeting: Meeting) -> None:
    """Raise MeetingError with the first case whose resolution says something else than was decided."""
    decided = meeting.cases.filter(status=CaseStatus.DECIDED)
    related = ("resolution", "meeting__body", "application", "recommendation", "paper", "priority_list")
    for case in decided.select_related(*related).order_by("position", "number"):
        resolution = case.resolution
        try:
            require_worded(case, resolution.text, resolution.outcome, resolution.amount)
        except MeetingError as wrong:
            raise MeetingError(_("Sak %(case)s: %(why)s") % {"case": case.reference, "why": wrong}) from wrong
