"""A sent application: receipt, versions, what changed, and its files. For the applicants and the secretariat."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from applications import permissions, submissions
from applications import submissions as sending
from applications.models import Application, Submission
from applications.queries import open_correction
from applications.views.reading import find
from portal.files import services as files
from portal.files.serving import made_or_back
from portal.permissions import require
from portal.requests import PersonRequest


def read_sent(request: PersonRequest, code: str) -> Application:
    """The application of that code, if the person sees it (404), and may read what was sent (403)."""
    application = find(request, code)
    require(permissions.can_read_sent(request.user, application, now=request.now))
    return application


@login_required
@require_GET
def sent(request: PersonRequest, code: str) -> HttpResponse:
    """The latest sent version, with what has happened and what the person may do."""
    application = find(request, code)
    if not application.submitted_at:
        return redirect("applications:detail", code)
    application = read_sent(request, code)
    return render(
        request, "applications/application_sent.html", submissions.page(application, request.user, request.now)
    )


@login_required
@require_GET
def version(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """One sent version as it was."""
    application = read_sent(request, code)
    submission = _submission(application, number)
    context = {
        "application": application,
        "submission": submission,
        "view": sending.view_of(submission.snapshot, file_url=submissions.file_address(application, number)),
    }
    return render(request, "applications/application_version.html", context)


@login_required
@require_GET
def changes(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """What changed from the version before."""
    application = read_sent(request, code)
    submission, before = _submission(application, number), _submission(application, number - 1)
    context = {
        "application": application,
        "submission": submission,
        "before": before,
        "changes": sending.differences(before.snapshot, submission.snapshot),
    }
    return render(request, "applications/application_changes.html", context)


def _submission(application: Application, number: int) -> Submission:
    submission: Submission = get_object_or_404(application.submissions.select_related("document__pdf"), version=number)
    return submission


def _latest(application: Application) -> Submission:
    submission = application.submissions.select_related("document__pdf", "submitted_by").newest()
    if submission is None:
        raise Http404
    return submission


# --- receipt ---------------------------------------------------------------------------------------


@login_required
@require_GET
def receipt(request: PersonRequest, code: str) -> HttpResponse:
    """That it is sent: number, time, fingerprint, PDF, and what happens next."""
    application = find(request, code)
    if not application.submitted_at:
        return redirect("applications:detail", code)
    application = read_sent(request, code)
    context = {
        "application": application,
        "submission": _latest(application),
        "correction": open_correction(application),
        "can_edit": permissions.can_edit(request.user, application, now=request.now),
        "what_now": submissions.what_now(application),
    }
    return render(request, "applications/application_receipt.html", context)


@login_required
@require_GET
def receipt_pdf(request: PersonRequest, code: str) -> HttpResponseBase:
    """The latest version as PDF."""
    application = read_sent(request, code)
    return _pdf(request, _latest(application), "receipt")


@login_required
@require_GET
def version_pdf(request: PersonRequest, code: str, number: int) -> HttpResponseBase:
    """One sent version as PDF."""
    return _pdf(request, _submission(read_sent(request, code), number), "version", number)


def _pdf(request: PersonRequest, submission: Submission, page: str, *args: int) -> HttpResponseBase:
    back = reverse(f"applications:{page}", args=[submission.application.code, *args])
    return made_or_back(request, submission.pdf, back)


@login_required
@require_GET
def sent_file(request: PersonRequest, code: str, number: int, attachment: int) -> FileResponse:
    """An attachment exactly as it was sent in that version."""
    submission = _submission(read_sent(request, code), number)
    file = submissions.file_of(submission, attachment)
    if file is None:
        raise Http404
    return files.response(file)
