"""The version of an application that an assessor reads, and its files: what was sent, never what is being written."""

from collections.abc import Callable

from django.urls import reverse

from applications import sent
from applications.models import Application, Submission
from portal.files.models import StoredFile


def newest(application: Application) -> Submission | None:
    """The version that was sent last, with its content."""
    return application.submissions.order_by("-version").first()


def shown(submission: Submission, code: str) -> sent.Shown:
    """The version for the page, its attachments with addresses in this room."""
    return sent.view_of(submission.snapshot, file_url=_file_url(code, submission.version))


def _file_url(code: str, version: int) -> Callable[[int], str]:
    return lambda number: reverse("assessment:attachment", args=[code, version, number])


def file_of(application: Application, version: int, number: int) -> StoredFile | None:
    """The file that was attached to the version under the number, found by the hash that was frozen."""
    submission = application.submissions.filter(version=version).first()
    attachments = submission.snapshot["attachments"] if submission else []
    found = next((item for item in attachments if item["number"] == number), None)
    if found is None:
        return None
    # The name too: another application may have the same bytes under a name of its own.
    return StoredFile.objects.filter(sha256=found["sha256"], name=found["name"]).order_by("pk").first()
