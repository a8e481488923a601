"""«Kontroller og send»: all answers, what is missing, and the sending."""

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
from applications.models import Application
from applications.models.application import KEPT
from applications.services import submitting
from applications.services.receivers import receivers_of
from applications.services.submitting import IncompleteError
from applications.views import task_list
from applications.views.reading import find, read
from applications.workflow import Status
from portal.acts import attempt
from portal.clock import local_date
from portal.errors import DomainError
from portal.formats import deadline_no, in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import twin_lazy, twin_of
from portal.writing import INVALID


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
    context = {
        "application": application,
        "heading": twin_of(heading(len(report.problems), is_correction=is_correction), application.noun_context),
        "lead": _lead(application, len(report.problems), is_correction=is_correction),
        "report": report,
        "problems": [task_list.Missing(item.sentence, _back_here(application, item)) for item in report.problems],
        "warnings": [task_list.Missing(item.sentence, _back_here(application, item)) for item in report.warnings],
        "view": submissions.view_of(
            report.text,
            change_url=lambda section: _with_return(reverse("applications:section", args=[application.code, section])),
            file_links=queries.file_links(report.text, task_list.file_address(application)),
        ),
        "can_submit": permissions.can_submit(request.user, application, now=request.now),
        "is_correction": is_correction,
        "refused": refused,
    }
    if report.is_complete:
        context["receivers"] = receivers_of(application, local_date(request.now), sender=request.user)
    return render(request, "applications/application_check.html", context, status=status)


def heading(missing: int, *, is_correction: bool) -> Any:
    """What stands in the way of sending, as the page's heading: «Tre ting mangler før dere kan sende»."""
    if missing:
        text = ngettext("Én ting mangler før dere kan sende", "%(n)s ting mangler før dere kan sende", missing)
        return text % {"n": in_words(missing)}
    return _("Rettelsen er klar til å sendes") if is_correction else twin_lazy("Søknaden er klar til å sendes")


def _lead(application: Application, missing: int, *, is_correction: bool) -> str:
    unsent = twin_of(twin_lazy("Søknaden er ikke sendt ennå."), application.noun_context)
    sent = _("Rettelsen er ikke sendt ennå.") if is_correction else unsent
    last = _("Ta det som mangler først.") if missing else _("Les gjennom svarene før dere sender.")
    return f"{sent} {last}"


def _back_here(application: Application, problem: completeness.Problem) -> str:
    address, _hash, anchor = task_list.address(application, problem).partition("#")
    return _with_return(address) + (f"#{anchor}" if anchor else "")


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
    messages.success(request, twin_of(twin_lazy("Søknaden er sendt."), application.noun_context))
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
