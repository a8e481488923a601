"""The attachments of a case: read, added and taken out."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.meetings.forms import AttachmentForm
from evaluation.meetings.models import CaseAttachment
from evaluation.meetings.permissions import can_take_out, can_write_paper, is_not_over
from evaluation.meetings.queries.attachments import attachments_of, file_of
from evaluation.meetings.queries.papers import is_closed_in_part
from evaluation.meetings.services import attachments
from evaluation.meetings.views.cases import readable_case
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.files.services import response
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest


@login_required
@require_safe
def of_application(request: PersonRequest, pk: int, number: int) -> HttpResponseBase:
    """An attachment of the application as it was sent, for those who may read the paper."""
    named = file_of(readable_case(request, pk), number)
    if named is None:
        raise Http404
    stored, title = named
    return response(stored, title=title)


@login_required
@require_safe
def of_case(request: PersonRequest, pk: int, number: int) -> HttpResponseBase:
    """A file that was attached to the case itself, for those who may read the whole of its paper."""
    attachment = _readable(request, pk, number)
    return response(attachment.file, title=attachment.display_name)


def _readable(request: PersonRequest, pk: int, number: int) -> CaseAttachment:
    case = readable_case(request, pk)
    if is_closed_in_part(case, standing_at(request.user, request.now)):
        raise Http404
    return get_object_or_404(attachments_of(case), number=number)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, pk: int) -> HttpResponse:
    """Attach one more file to the case."""
    case = readable_case(request, pk)
    require(can_write_paper(request.user, case, now=request.now))
    require_to_open(request, is_not_over(case.meeting))
    form = AttachmentForm(request.POST or None, request.FILES or None)
    form.helper.cancel_url = reverse("meetings:case", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(attachments.upload, case, data["file"], title=data["title"], by=request.user, at=request.now)
        called = " " + _("Kall inn på nytt, så medlemmene får vite det.") if case.meeting.is_called else ""
        if attempt(
            request,
            act,
            lambda added: _("%(name)s er lagt ved.") % {"name": added.display_name} + called,
            form=form,
            field="file",
        ):
            return redirect("meetings:case", pk)
    context = {"case": case, "meeting": case.meeting, "form": form, "title": _("Legg ved en fil")}
    return render(request, "meetings/case_form.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Take an attachment out, after a question."""
    attachment = _readable(request, pk, number)
    case = attachment.case
    answer = can_take_out(request.user, case, now=request.now)
    require(answer) if request.method == "GET" else require(can_write_paper(request.user, case, now=request.now))
    if request.method == "POST":
        act = partial(attachments.remove, attachment, by=request.user, at=request.now)
        attempt(request, act, _("Vedlegget er fjernet."))
        return redirect("meetings:case", pk)
    return render(request, "meetings/attachment_remove.html", {"case": case, "attachment": attachment})
