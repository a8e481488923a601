"""The minutes: edited, adopted, frozen, and made into a PDF."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings.models import Meeting, MeetingStatus, Minutes
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError, locked, tell
from portal import pdf
from portal.acts import act
from portal.communities.models import User
from portal.files.services import keep_once
from portal.formats import date_no
from portal.jobs.services import enqueue
from portal.snapshots import canonical, digest

TEMPLATE = "letters/minutes.html"


@act
def write_remarks(minutes: Minutes, *, remarks: str, by: User, at: datetime) -> Minutes:
    """Write what the meeting's own records do not say. Raises MeetingError when the minutes are adopted."""
    meeting = locked(minutes.meeting_id)
    minutes.refresh_from_db()
    if minutes.is_adopted:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    minutes.remarks = remarks
    minutes.save(update_fields=["remarks"])
    tell("minutes.written", meeting, by=by, at=at)
    return minutes


@act
def adopt(minutes: Minutes, *, by: User, at: datetime) -> Minutes:
    """Freeze the minutes with their SHA-256 and have the PDF made; from now on the decisions can be carried out.

    Raises MeetingError unless the meeting is closed; of two who adopt at once, one does.
    """
    meeting = locked(minutes.meeting_id)
    if meeting.status in (MeetingStatus.PLANNED, MeetingStatus.OPEN):
        raise MeetingError(_("Hev møtet før protokollen godkjennes."))
    won = Meeting.objects.filter(pk=meeting.pk, status=MeetingStatus.CLOSED).update(status=MeetingStatus.ADOPTED)
    if not won:
        raise MeetingConflictError(_("Protokollen er allerede godkjent."))
    minutes.refresh_from_db()
    minutes.snapshot = {
        **minutes_content(meeting, minutes.remarks),
        "adopted_at": at.isoformat(),
        "adopted_by": by.name,
    }
    minutes.sha256 = digest(minutes.snapshot)
    minutes.adopted_by, minutes.adopted_at = by, at
    minutes.save(update_fields=["snapshot", "sha256", "adopted_by", "adopted_at"])
    enqueue(
        "evaluation.meetings.services.minutes.make_pdf",
        key=f"minutes:{minutes.pk}",
        due=at,
        minutes_id=minutes.pk,
    )
    tell("minutes.adopted", meeting, by=by, at=at, subject=minutes, sha256=minutes.sha256)
    return minutes


def make_pdf(*, minutes_id: int, at: datetime) -> None:
    """Make the PDF of adopted minutes from what was frozen; a second run does nothing."""
    minutes = Minutes.objects.select_related("meeting__body").get(pk=minutes_id)
    if minutes.pdf_id or minutes.snapshot is None:
        return
    data = canonical(minutes.snapshot).encode()
    document = pdf.render(
        TEMPLATE,
        document_context(minutes),
        title=document_title(minutes),
        attachments=[pdf.Attachment(name="protokoll.json", data=data, description="Protokollen som data")],
        at=minutes.adopted_at,
    )
    keep_once(minutes, "pdf", document, name=f"{document_title(minutes)}.pdf", content_type="application/pdf", at=at)


def document_title(minutes: Minutes) -> str:
    """«Protokoll SSU 22.11.2026»."""
    body = minutes.meeting.body
    return f"Protokoll {body.abbreviation or body.name} {date_no(minutes.meeting.starts_at)}"


def document_context(minutes: Minutes) -> dict[str, object]:
    """What the template of the minutes draws, from the frozen content alone."""
    content = shown(minutes.snapshot or {})
    return {"minutes": content, "sha256": minutes.sha256, "sender": {"name": content["body"], "address": content["of"]}}
