"""The version of an application that an assessor reads, and its files: what was sent, never what is being written."""

from collections.abc import Callable

from django.urls import reverse

from applications import history, sent
from applications.models import Application, Submission
from portal.files.models import StoredFile


def newest(application: Application) -> Submission | None:
    """The version that was sent last, with its content."""
    return application.submissions.newest()


def shown(submission: Submission, code: str) -> sent.Shown:
    """The version for the page, its attachments with addresses in this room."""
    return sent.view_of(submission.snapshot, file_url=_file_url(code, submission.version))


def _file_url(code: str, version: int) -> Callable[[int], str]:
    return lambda number: reverse("assessment:attachment", args=[code, version, number])


def file_of(application: Application, version: int, number: int) -> StoredFile | None:
    """The file that was attached to the version under the number."""
    submission = application.submissions.filter(version=version).first()
    return history.file_of(submission, number) if submission else None
