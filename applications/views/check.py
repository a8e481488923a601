"""«Kontroller og send»: all answers, what is missing, and the sending."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import completeness, permissions, queries, submissions
from applications.completeness import Report
from applications.models import Application
from applications.models.application import KEPT
from applications.queries.receivers import receivers_of
from applications.services import submitting
from applications.services.submitting import IncompleteError
from applications.views import next_step, task_list
from applications.views.reading import find, read
from applications.workflow import Status
from portal.acts import attempt
from portal.clock import local_date
from portal.errors import DomainError
from portal.formats import deadline_no, in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep
from portal.writing import INVALID
from rounds.definition import Section


@login_required
@require_GET
def check(request: PersonRequest, code: str) -> HttpResponse:
    """All answers with «Endre» at each section, and on top what must be put right. Nothing is sent yet."""
    application = read(request, code)
    if not application.is_editable:
        return redirect("applications:sent", code)
    return _page(request, application)


def _page(request: PersonRequest, application: Application, *, refused: str = "", status: int = 200) -> HttpResponse:
    report = completeness.check(application, at=request.now)
    is_correction = application.known_status == Status.CORRECTION
    uncorrected = completeness.uncorrected(report)
    step, late = _step(report, uncorrected), task_list.late(application, request.now)
    # How much is not corrected stands in the box.
    told = _("Rettelsen er ikke sendt ennå") if uncorrected else heading(report, is_correction=is_correction)
    context: dict[str, Any] = {
        "application": application,
        "late": late,
        "heading": late.heading if late else told,
        "lead": "" if late or uncorrected else _lead(application, report, is_correction=is_correction),
        "report": report,
        "step": step,
        # Nobody can put right what is missing after the deadline.
        "missing": [] if late else task_list.missing_parts(report, partial(_back_here, application)),
        "warnings": [task_list.Missing(item.sentence, _back_here(application, item)) for item in report.warnings],
        "view": _answers(application, report, uncorrected),
        "can_submit": permissions.can_submit(request.user, application, now=request.now),
        "is_correction": is_correction,
        "refused": refused,
    }
    if report.is_complete:
        context["receivers"] = receivers_of(application, local_date(request.now), sender=request.user)
    return render(request, "applications/application_check.html", context, status=status)


def _step(report: Report, uncorrected: Sequence[Section]) -> NextStep | None:
    """What is done elsewhere before anything can be sent; None when it can be sent."""
    if uncorrected:
        return next_step.correct(report, uncorrected)
    if not report.to_write:
        return next_step.collect_signatures(report) if report.unsigned else None
    application = report.parts.application
    if application.signing_locked_at:
        return next_step.open_text(report)
    first = report.to_write[0]
    here = [item for item in report.to_write if item.section == first.section]
    section = report.parts.spec.section(first.section)
    return next_step.begin(section, len(here), _back_here(application, first)) if section else None


def _answers(application: Application, report: Report, uncorrected: Sequence[Section]) -> submissions.Shown:
    """The answers as they would be sent: folded while something is missing or not corrected, else open to be read.

    A text that is locked for the signatures has no way to change a section: it is opened on the page of the signatures.
    """
    return submissions.view_of(
        report.text,
        change_url=None if application.signing_locked_at else partial(_change_url, application),
        file_links=queries.file_links(report.text, task_list.file_address(application)),
        state=partial(_state, report, uncorrected) if report.problems or uncorrected else None,
    )


def _state(report: Report, uncorrected: Sequence[Section], section: str) -> str:
    """How much of the section is missing, beside its title."""
    if section in [item.code for item in uncorrected]:
        return _("Ikke rettet ennå")
    count = sum(item.section == section for item in report.to_write)
    if not count:
        return _("Ingenting mangler")
    return ngettext("Ett svar mangler", "%(n)s svar mangler", count) % {"n": in_words(count)}


def heading(report: Report, *, is_correction: bool) -> str:
    """What stands in the way of sending, as the page's heading: «To svar og en signatur mangler …»."""
    if lacking := completeness.missing_words(report):
        return _("%(what)s mangler før dere kan sende") % {"what": lacking}
    if is_correction:
        return _("Rettelsen er klar til å sendes")
    return twin_of(twin_lazy("Søknaden er klar til å sendes"), report.parts.application.noun_context)


def _lead(application: Application, report: Report, *, is_correction: bool) -> str:
    unsent = twin_of(twin_lazy("Søknaden er ikke sendt ennå."), application.noun_context)
    sent = _("Rettelsen er ikke sendt ennå.") if is_correction else unsent
    if report.problems:
        return sent
    last = _("Les gjennom svarene før dere sender.")
    return f"{sent} {last}"


def _back_here(application: Application, problem: completeness.Problem) -> str:
    address, _hash, anchor = task_list.address(application, problem).partition("#")
    return _with_return(address) + (f"#{anchor}" if anchor else "")


def _change_url(application: Application, section: str) -> str:
    return _with_return(reverse("applications:section", args=[application.code, section]))


def _with_return(address: str) -> str:
    return f"{address}?return=check"


@login_required
@require_POST
def submit(request: PersonRequest, code: str) -> HttpResponse:
    """Send the application, or the answer to a correction request; a second press gives the same receipt."""
    application = find(request, code)
    require(permissions.can_press_submit(request.user, application, now=request.now))
    if application.known_status == Status.SUBMITTED:
        return redirect("applications:receipt", code)
    send = submitting.resubmit if application.known_status == Status.CORRECTION else submitting.submit
    try:
        send(application, by=request.user, at=request.now)
    except IncompleteError as error:
        return _page(request, application, refused=str(error), status=INVALID)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(application)
    return redirect("applications:receipt", code)


@login_required
@require_POST
def bring_back(request: PersonRequest, code: str) -> HttpResponse:
    """Bring back a draft that was thrown away."""
    application = find(request, code)
    require(permissions.can_bring_back(request.user, application, now=request.now))
    said = _("Utkastet er hentet tilbake, med alt som er skrevet.")
    attempt(request, lambda: submitting.bring_back(application, by=request.user, at=request.now), said)
    return redirect(application)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, code: str) -> HttpResponse:
    """Withdraw the application. The page first shows what that means."""
    application = find(request, code)
    require(permissions.can_withdraw(request.user, application, now=request.now))
    if request.method == "POST":
        said = twin_of(twin_lazy("Søknaden er trukket."), application.noun_context)
        if application.submitted_at is None:
            until = deadline_no(request.now + KEPT)
            said = _("Utkastet er kastet. Dere kan hente det tilbake til %(when)s.") % {"when": until}
        attempt(request, lambda: submitting.withdraw(application, by=request.user, at=request.now), said)
        return redirect(application)
    return render(request, "applications/application_withdraw.html", {"application": application})
