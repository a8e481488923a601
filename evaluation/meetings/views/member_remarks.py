"""The pages on which a draft of the minutes is sent to be read, and on which a member writes a remark."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.meetings.models import Minutes
from evaluation.meetings.permissions import can_adopt_minutes, can_tell_remark, is_not_adopted
from evaluation.meetings.queries.minutes import visible_minutes
from evaluation.meetings.remark_forms import MemberRemarkForm, SendMinutesForm
from evaluation.meetings.services import member_remarks
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest

DAYS = 7


@login_required
@require_http_methods(["GET", "POST"])
def send(request: PersonRequest, pk: int) -> HttpResponse:
    """Send the draft to those on the roll, with the date until which they may write."""
    record = get_object_or_404(visible_minutes(request.user, now=request.now), meeting=pk)
    require(can_adopt_minutes(request.user, record, now=request.now))
    require_to_open(request, is_not_adopted(record.meeting))
    until = local_date(request.now) + timedelta(days=DAYS)
    form = SendMinutesForm(pending.data(request), initial={"until": until})
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return member_remarks.send_for_remarks(record, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Protokollen er sendt til gjennomlesing."), form=form):
            return redirect("meetings:minutes", pk)
    words = _("Alle i utvalget får e-post med lenke til protokollen, og kan skrive merknader til fristen.")
    return _page(request, record, form, _("Send protokollen til gjennomlesing"), words)


@login_required
@require_http_methods(["GET", "POST"])
def tell(request: PersonRequest, pk: int) -> HttpResponse:
    """Write a remark on the draft."""
    record = get_object_or_404(visible_minutes(request.user, now=request.now), meeting=pk)
    require(can_tell_remark(request.user, record))
    require_to_open(request, is_not_adopted(record.meeting))
    form = MemberRemarkForm(pending.data(request))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return member_remarks.tell_remark(record, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Merknaden er sendt til dem som godkjenner protokollen."), form=form):
            return redirect("meetings:minutes", pk)
    words = _("Protokollen rettes av dem som godkjenner den. Merknaden blir ikke en del av protokollen.")
    return _page(request, record, form, _("Skriv en merknad til protokollen"), words)


def _page(request: PersonRequest, record: Minutes, form: Any, title: str, words: str) -> HttpResponse:
    form.helper.cancel_url = reverse("meetings:minutes", args=[record.meeting_id])
    context = {"meeting": record.meeting, "form": form, "title": title, "words": words}
    return render(request, "meetings/minutes_form.html", context, status=form.http_status)
