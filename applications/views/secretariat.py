"""The secretariat's acts on an application: ask for a correction, give a later deadline."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import permissions, queries
from applications.forms.sending import CorrectionForm, ExtensionByCodeForm, ExtensionForm
from applications.models import Application
from applications.services import correcting
from applications.views.reading import find
from portal import clock, pending
from portal.acts import attempt
from portal.formats import deadline_no
from portal.permissions import require
from portal.requests import PersonRequest

USUAL_DAYS = 14


@login_required
@require_http_methods(["GET", "POST"])
def request_correction(request: PersonRequest, code: str) -> HttpResponse:
    """Name the sections to be put right, why, and by when."""
    application = find(request, code)
    require(permissions.can_request_correction(request.user, application, now=request.now))
    initial = {"due_at": _usual_deadline(request.now)}
    form = CorrectionForm(pending.data(request), initial=initial, spec=application.round.spec)
    form.helper.cancel_url = reverse("applications:sent", args=[code])
    if request.method == "POST" and form.is_valid():
        act = partial(correcting.request_correction, application, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Søkerne har fått beskjed om hva som må rettes."), form=form):
            return redirect("applications:sent", code)
    context = {"application": application, "form": form}
    return render(request, "applications/correction_request.html", context, status=form.http_status)


def _usual_deadline(now: datetime) -> datetime:
    """Two weeks from today, at the end of the working day."""
    return clock.at_local(clock.local_date(now) + timedelta(days=USUAL_DAYS), time(15, 0))


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: PersonRequest, code: str) -> HttpResponse:
    """A later date for the correction that is asked for."""
    application = find(request, code)
    require(permissions.can_extend(request.user, application, now=request.now))
    form = ExtensionForm(pending.data(request))
    form.helper.cancel_url = reverse("applications:sent", args=[code])
    if request.method == "POST" and form.is_valid() and _extended(request, application, form.cleaned_data, form):
        return redirect("applications:sent", code)
    context = {"application": application, "form": form}
    return render(request, "applications/extension.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def extend_draft(request: PersonRequest) -> HttpResponse:
    """A later deadline for a draft, which the secretariat cannot read: by the code the applicants give."""
    require(permissions.is_secretariat(request.user, now=request.now))
    draft_with = partial(queries.draft_to, request.user, now=request.now)
    form = ExtensionByCodeForm(pending.data(request), draft_with=draft_with)
    form.helper.cancel_url = reverse("portal:home")
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if _extended(request, data.pop("code"), data, form):
            return redirect("applications:extend_draft")
    return render(request, "applications/extension.html", {"form": form}, status=form.http_status)


def _extended(request: PersonRequest, application: Application, data: dict[str, Any], form: ExtensionForm) -> bool:
    if not (allowed := permissions.can_extend(request.user, application, now=request.now)):
        form.add_error(None, allowed.reason)
        return False
    act = partial(correcting.extend, application, **data, by=request.user, at=request.now)
    words = {"code": application.code, "until": deadline_no(data["until"])}
    return attempt(request, act, _("Søknad %(code)s har fått ny frist: %(until)s.") % words, form=form)
