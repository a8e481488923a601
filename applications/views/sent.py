"""A sent application: receipt, versions, what changed, and its files. For the applicants and the secretariat."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from applications import permissions, queries, submissions
from applications.completeness import signed_words
from applications.models import Application, Submission
from applications.queries import open_correction
from applications.queries.receivers import receivers_of
from applications.views.reading import find
from applications.views.task_list import late, stages
from applications.workflow import Status
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.files import services as files
from portal.files.serving import made_or_back
from portal.formats import day_in_words
from portal.journal import sentences
from portal.mail.queries import messages_about
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import twin_lazy, twin_of
from rounds.definition.filling import last_day
from rounds.outcomes import Outcome

# By the status that the applicants know. What they must do after an award is said beside its letter.
RECEIPT = gettext_lazy("Kvitteringen er sendt på e-post. På kvitteringssiden ser dere til hvem.")
NEXT: dict[str, tuple[Any, ...]] = {
    Status.SUBMITTED: (
        RECEIPT,
        twin_lazy("%(community)s kontrollerer søknaden. Mangler noe, ber sekretariatet dere rette det, med en frist."),
        twin_lazy("Deretter blir søknaden vurdert. Dere får beskjed når det er fattet vedtak."),
    ),
    Status.ADMITTED: (
        twin_lazy("Søknaden oppfyller kravene og blir vurdert. Dere trenger ikke å gjøre noe nå."),
        gettext_lazy("Dere får brev når det er fattet vedtak."),
    ),
    Status.PRIORITISED: (twin_lazy("Søknaden er prioritert. Dere får brev når det er fattet vedtak."),),
    **{outcome.means.status: (outcome.means.told,) for outcome in Outcome if outcome.means.told},
    Status.ACCEPTED: (gettext_lazy("Tilskuddet er akseptert. Meld fra når prosjektet starter."),),
    Status.IN_OPERATION: (gettext_lazy("Prosjektet er i drift. Dere skal sende en evaluering når fristen kommer."),),
    Status.EVALUATED: (gettext_lazy("Evalueringen er sendt. Det er ikke mer dere må gjøre."),),
}


# While these are known, the applicants wait for the decision.
AWAITED = {Status.SUBMITTED, Status.ADMITTED, Status.PRIORITISED}


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
    return render(request, "applications/application_sent.html", _page(application, request.user, request.now))


def _page(application: Application, user: Any, now: datetime) -> dict[str, Any]:
    """What the page shows. The text of the older versions is not read."""
    versions = queries.versions_of(application)
    latest = versions[0]
    shown = _shown(application, latest)
    is_handler = permissions.is_handler(user, application, now=now)
    standing = standing_at(user, now)
    is_office = application.is_handled_by(standing)
    passed = None if is_office else late(application, now)
    return {
        "application": application,
        "status": application.status_for(standing),
        "submission": latest,
        "versions": versions,
        "view": shown if is_handler else submissions.folded(shown),
        "corrections": queries.corrections_of(application),
        "correction": None if is_office and application.status != Status.CORRECTION else open_correction(application),
        "late": passed,
        "is_overdue": is_office and late(application, now) is not None,
        "what_now": [] if is_office else _what_now(application, now),
        "stages": [] if is_handler or passed else stages(application, application.known_status),
        "signed": "" if is_handler else _signed(latest),
        "events": sentences.events(queries.log_of(application, is_office=is_office), application.noun_context),
        "contacts": queries.contacts_of(application) if is_handler else [],
        "is_handler": is_handler,
        "is_withdrawn": application.status == Status.WITHDRAWN,
        "can_edit": permissions.can_edit(user, application, now=now),
        "can_withdraw": permissions.can_withdraw(user, application, now=now),
        "can_request_correction": permissions.can_request_correction(user, application, now=now),
        "can_extend": permissions.can_extend(user, application, now=now),
    }


def _signed(sent_version: Submission) -> str:
    """That all have signed; nothing of an older form that was sent without signatures."""
    count = len(sent_version.snapshot.get("signatures", []))
    return signed_words(count, count) if count else ""


def _what_now(application: Application, now: datetime) -> list[str]:
    """What the applicants can expect, by the status that they know; nothing where another notice says it."""
    words = {"community": application.community}
    told = [twin_of(text, application.noun_context) % words for text in NEXT.get(application.known_status, ())]
    return told + list(_when(application, now))


def _when(application: Application, now: datetime) -> Iterator[str]:
    """Until when the announced call lets them wait, while they wait."""
    due = application.round.spec.dates.decision_by
    if due and due > now and application.known_status in AWAITED:
        yield _("Etter utlysningen skal beslutningen være tatt innen %(day)s.") % {
            "day": day_in_words(last_day(due), local_date(now))
        }


def _shown(application: Application, sent_version: Submission) -> submissions.Shown:
    """A sent version as a page shows it, its attachments as links."""

    def address(number: int) -> str:
        return reverse("applications:sent_file", args=[application.code, sent_version.version, number])

    return submissions.view_of(sent_version.snapshot, file_links=queries.file_links(sent_version.snapshot, address))


@login_required
@require_GET
def version(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """One sent version as it was."""
    application = read_sent(request, code)
    submission = _submission(application, number)
    context = {
        "application": application,
        "submission": submission,
        "view": _shown(application, submission),
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
        "changes": submissions.differences(before.snapshot, submission.snapshot),
    }
    return render(request, "applications/application_changes.html", context)


def _submission(application: Application, number: int) -> Submission:
    submission: Submission = get_object_or_404(queries.submissions_of(application), version=number)
    return submission


def _latest(application: Application) -> Submission:
    submission = queries.submissions_of(application).newest()
    if submission is None:
        raise Http404
    return submission


# --- receipt ---------------------------------------------------------------------------------------


@login_required
@require_GET
def receipt(request: PersonRequest, code: str) -> HttpResponse:
    """The receipt: number, time, SHA-256, PDF, and what happens next."""
    application = find(request, code)
    if not application.submitted_at:
        return redirect("applications:detail", code)
    application = read_sent(request, code)
    submission = _latest(application)
    context = {
        "application": application,
        "submission": submission,
        "receipts": messages_about(application, "application_submitted", key=f"application_submitted:{submission.pk}:"),
        "receivers": receivers_of(application, local_date(request.now)),
        "correction": open_correction(application),
        "late": late(application, request.now),
        "can_edit": permissions.can_edit(request.user, application, now=request.now),
        # To whom the receipt was sent stands on this page.
        "what_now": [told for told in _what_now(application, request.now) if told != str(RECEIPT)],
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
    file = queries.sent_file(submission, attachment)
    if file is None:
        raise Http404
    return files.response(file)
