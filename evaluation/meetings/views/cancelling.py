"""Cancelling a meeting, which asks first and says what happens."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.meetings.forms import CancelForm
from evaluation.meetings.permissions import can_cancel, can_plan
from evaluation.meetings.queries.agenda import case_count
from evaluation.meetings.services import cancelling
from evaluation.meetings.views.planning import visible_meeting
from portal import pending
from portal.acts import attempt
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Cancel a meeting that is not set, with a reason."""
    meeting, back = visible_meeting(request, pk), reverse("meetings:agenda", args=[pk])
    require(can_plan(request.user, meeting.body, now=request.now))
    require_to_open(request, can_cancel(request.user, meeting, now=request.now))
    form = CancelForm(pending.data(request))
    form.helper.cancel_url = back
    if request.method == "POST" and form.is_valid():
        act = partial(cancelling.cancel, meeting, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Møtet er avlyst."), form=form):
            return redirect(back)
    context = {"form": form, "meeting": meeting, "cases": case_count(meeting)}
    return render(request, "meetings/meeting_cancel.html", context, status=form.http_status)
