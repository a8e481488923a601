"""Attachments. Each keeps its number, because the text of the application refers to it (R89)."""

from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F
from django.utils.translation import gettext as _

from applications.models import Application, Attachment
from applications.services import signing
from applications.services.drafts import touch
from portal.acts import act
from portal.communities.models import User
from portal.errors import DomainError
from portal.files.models import StoredFile
from portal.journal import services as journal
from rounds.answering.services.files import forget, forgotten_when_refused, store
from rounds.definition.parts import AttachmentKind


class AttachmentError(DomainError):
    """The attachment cannot be taken."""


def add(
    application: Application, uploaded: UploadedFile, *, kind: str, title: str, by: User, at: datetime
) -> Attachment:
    """Check and store a file as the next attachment. An empty title becomes the file's name.

    Voids the signatures. Raises AttachmentError (unknown kind, too many), UploadError (the file) and
    ClosedDraftError.
    """
    rules = application.round.spec.attachments.kind(kind)
    if rules is None:
        raise AttachmentError(_("Velg en av typene som runden tar imot."))
    # The file is scanned and stored before the act, so that the application's row is not held meanwhile.
    stored = store(application.round.spec, uploaded, at=at)
    with forgotten_when_refused(stored):
        return _add(application, stored, rules, title=title, by=by, at=at)


@act
def _add(
    application: Application, stored: StoredFile, rules: AttachmentKind, *, title: str, by: User, at: datetime
) -> Attachment:
    touch(application, at=at)
    if application.attachments.filter(kind=rules.code).count() >= rules.most:
        words = {"most": rules.most, "label": rules.label}
        raise AttachmentError(_("Dere kan legge ved høyst %(most)s av typen «%(label)s».") % words)
    numbered = Application.objects.filter(pk=application.pk)
    numbered.update(attachments_numbered=F("attachments_numbered") + 1)
    attachment = Attachment.objects.create(
        application=application,
        number=numbered.values_list("attachments_numbered", flat=True).get(),
        kind=rules.code,
        title=title or PurePath(stored.name).stem[:160],
        file=stored,
        uploaded_by=by,
        uploaded_at=at,
    )
    _record("application.attachment_added", attachment, by=by, at=at)
    signing.note_change(application, at=at)
    return attachment


def replace(attachment: Attachment, uploaded: UploadedFile, *, by: User, at: datetime) -> None:
    """Replace the file of the attachment; number, kind and title stay.

    Voids the signatures. Raises UploadError and ClosedDraftError.
    """
    stored = store(attachment.application.round.spec, uploaded, at=at)
    with forgotten_when_refused(stored):
        _replace(attachment, stored, by=by, at=at)


@act
def _replace(attachment: Attachment, stored: StoredFile, *, by: User, at: datetime) -> None:
    application, old = attachment.application, attachment.file
    touch(application, at=at)
    attachment.file, attachment.uploaded_by, attachment.uploaded_at = stored, by, at
    attachment.save()
    _record("application.attachment_replaced", attachment, by=by, at=at)
    _forget(application, old)
    signing.note_change(application, at=at)


@act
def remove(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take the attachment out; the others keep their numbers. Voids the signatures. Raises ClosedDraftError."""
    application, old = attachment.application, attachment.file
    touch(application, at=at)
    _record("application.attachment_removed", attachment, by=by, at=at)
    attachment.delete()
    _forget(application, old)
    signing.note_change(application, at=at)


def _forget(application: Application, stored: StoredFile) -> None:
    """Delete the file, unless the application has been sent, and a version may hold it."""
    if application.submitted_at is None:
        forget(stored)


def _record(entry: str, attachment: Attachment, *, by: User, at: datetime) -> None:
    application = attachment.application
    journal.record(
        entry,
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        number=attachment.number,
        kind=attachment.kind,
        sha256=attachment.file.sha256,
    )
