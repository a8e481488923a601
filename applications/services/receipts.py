"""The PDF of a sent version, made by a job from its frozen snapshot."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Submission
from applications.submissions import view_of
from portal import pdf
from portal.files.services import keep_once
from portal.snapshots import canonical


def render_pdf(*, submission_id: int, at: datetime) -> None:
    """Make the submission's PDF unless it has one; the frozen JSON travels inside it. Job."""
    submission = Submission.objects.select_related("application").get(pk=submission_id)
    if submission.pdf_id:
        return
    data = submission.snapshot
    document = pdf.render(
        "letters/submission.html",
        {"submission": submission, "sent": view_of(data)},
        title=_("Søknad: %(title)s") % {"title": data["title"]},
        lang=data["language"],
        attachments=[pdf.Attachment("soknad.json", canonical(data).encode(), _("Søknaden som data"))],
        at=submission.submitted_at,
    )
    keep_once(submission, "pdf", document, name=file_name(submission), content_type="application/pdf", at=at)


def file_name(submission: Submission) -> str:
    """«soknad-7KQ2MNP4-v1.pdf»."""
    return f"soknad-{submission.application.code}-v{submission.version}.pdf"
