"""The attachments of a case: added until it is settled, taken out until its meeting is called."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from evaluation.meetings.models import Case, CaseAttachment
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    locked_case,
    require_in_case,
    require_not_over,
    require_sees_whole,
    tell,
)
from portal.acts import act
from portal.communities.models import User
from portal.files.models import StoredFile
from portal.files.services import store_upload
from rounds.answering.services.files import forget, forgotten_when_refused

# More than this is a folder and not the papers of a case.
MOST = 50


def upload(case: Case, uploaded: UploadedFile, *, title: str, by: User, at: datetime) -> CaseAttachment:
    """Check and store a file as the next attachment of the case. Raises UploadError, and what ``add`` raises."""
    # The file is scanned and stored before the act, so that the meeting's row is not held meanwhile.
    stored = store_upload(uploaded, at=at)
    with forgotten_when_refused(stored):
        return add(case, stored, title=title, by=by, at=at)


@act
def add(case: Case, stored: StoredFile, *, title: str = "", by: User, at: datetime) -> CaseAttachment:
    """Attach a stored file to the case under its next number. An empty title becomes the file's name.

    Raises MeetingError when the case is settled or its meeting over, when it has ``MOST`` already, and when ``by`` is
    out of the case.
    """
    case = _case_to_attach_to(case, by, at)
    if case.attachments.count() >= MOST:
        raise MeetingError(_("En sak kan ha høyst %(most)s vedlegg.") % {"most": MOST})
    numbered = Case.objects.filter(pk=case.pk)
    numbered.update(attachments_numbered=F("attachments_numbered") + 1)
    attachment = CaseAttachment.objects.create(
        case=case,
        number=numbered.values_list("attachments_numbered", flat=True).get(),
        title=title.strip() or PurePath(stored.name).stem[:160],
        file=stored,
        added_by=by,
        added_at=at,
    )
    _tell("case.attachment_added", attachment, by=by, at=at)
    return attachment


@act
def remove(attachment: CaseAttachment, *, by: User, at: datetime) -> None:
    """Take the attachment out; the others keep their numbers, and its own is not given again.

    Raises MeetingError when the members have been called: they may have read it.
    """
    case = _case_to_attach_to(attachment.case, by, at)
    if case.meeting.is_called:
        raise MeetingError(_("Innkallingen er sendt. Da kan ikke vedlegg fjernes, bare legges til."))
    row = CaseAttachment.objects.filter(pk=attachment.pk).select_related("file").first()
    if row is None:
        raise MeetingConflictError(_("Vedlegget er allerede fjernet."))
    row.case = case
    _tell("case.attachment_removed", row, by=by, at=at)
    row.delete()
    forget_unheld([row.file])


def _case_to_attach_to(case: Case, by: User, at: datetime) -> Case:
    case = locked_case(case)
    require_in_case(by, case, _("endre vedleggene"))
    require_sees_whole(by, case, at)
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er avgjort. Saksframlegget står fast.") % {"case": case.reference})
    return case


def _tell(entry: str, attachment: CaseAttachment, *, by: User, at: datetime) -> None:
    case, number, sha256 = attachment.case, attachment.number, attachment.file.sha256
    tell(entry, case.meeting, by=by, at=at, subject=case, case=case.reference, number=number, sha256=sha256)


def carry_over(cases: Iterable[Case]) -> None:
    """Give each case that takes up a postponed one the attachments of that, under the same numbers.

    A part of the acts that put up the cases; one query when there are none.
    """
    again = {case.follows_id: case for case in cases if case.follows_id}
    rows = list(CaseAttachment.objects.filter(case__in=again).select_related("case"))
    for before in {row.case_id: row.case for row in rows}.values():
        Case.objects.filter(pk=again[before.pk].pk).update(attachments_numbered=before.attachments_numbered)
    for row in rows:
        row.pk, row.case = None, again[row.case_id]
    CaseAttachment.objects.bulk_create(rows, batch_size=500)


def forget_unheld(files: Sequence[StoredFile]) -> None:
    """Delete the files, but for those that another row has: a later case, or what was handed on to the case."""
    for stored in files:
        try:
            forget(stored)
        except ProtectedError:
            continue
