"""The minutes: read, edited and adopted, as a document, and one case of them as a document."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.meetings.documents import MINUTES, drawn
from evaluation.meetings.forms import CorrectionForm, RemarksForm, StatementsForm, ask_frame_again
from evaluation.meetings.models import Case, Minutes, Resolution
from evaluation.meetings.permissions import (
    can_adopt_minutes,
    can_lead_case,
    can_read_whole_minutes,
    can_write_remarks,
    is_not_adopted,
)
from evaluation.meetings.queries.habilitet import closed_in_minutes
from evaluation.meetings.queries.minutes import extract, minutes_content, reading_of, shown, visible_minutes
from evaluation.meetings.queries.papers import noun_context_of
from evaluation.meetings.queries.proposed import open_equals
from evaluation.meetings.questions import follow_up_of
from evaluation.meetings.services import corrections, resolving
from evaluation.meetings.services import minutes as services
from evaluation.meetings.services.framing import passed_by
from evaluation.meetings.views.cases import visible_case
from portal import pdf, pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.errors import ChangedError, DomainError
from portal.files.serving import made_or_back
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest
from portal.snapshots import sums
from portal.twins import tell_form
from portal.writing import save


def _minutes(request: PersonRequest, pk: int) -> Minutes:
    return get_object_or_404(visible_minutes(request.user, now=request.now), meeting=pk)


def _content(minutes: Minutes) -> dict[str, object]:
    return minutes.snapshot or minutes_content(minutes.meeting, minutes.remarks)


def _closed(request: PersonRequest, record: Minutes) -> frozenset[int]:
    """The cases (ids) of the minutes that are closed to the person."""
    return closed_in_minutes(standing_at(request.user, request.now), record.meeting)


@login_required
@require_safe
def minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes, with what remains to be done with them."""
    record = _minutes(request, pk)
    return _page(request, record, _remarks_form(record, pending.restore(request, _remarks_address(record))))


def _page(
    request: PersonRequest, record: Minutes, form: RemarksForm, unsound: Sequence[tuple[Case, str]] = ()
) -> HttpResponse:
    closed = _closed(request, record)
    edits = bool(can_adopt_minutes(request.user, record, now=request.now)) and record.meeting.is_closed
    context = {
        "meeting": record.meeting,
        "record": record,
        "minutes": shown(_content(record), closed),
        "closed": closed,
        "edits": edits,
        "form": form,
        "unsound": unsound,
    }
    if record.meeting.is_closed:
        reads_all = edits and not closed
        context["reading"] = reading_of(record, request.user, reads_all=reads_all, now=request.now)
    if record.is_adopted:
        context["follow_up"] = follow_up_of(record.meeting, request.user, request.now)
    return render(request, "meetings/minutes.html", context, status=422 if unsound else form.http_status)


def _remarks_address(record: Minutes) -> str:
    return reverse("meetings:write_remarks", args=[record.meeting_id])


def _remarks_form(record: Minutes, data: QueryDict | None) -> RemarksForm:
    return RemarksForm(data, initial={"remarks": record.remarks}, address=_remarks_address(record))


@login_required
@require_POST
def write_remarks(request: PersonRequest, pk: int) -> HttpResponse:
    """Write remarks in the minutes."""
    record = _minutes(request, pk)
    closed = _closed(request, record)
    require(can_write_remarks(request.user, record, closed, now=request.now))
    form = _remarks_form(record, request.POST)
    write, to = partial(services.write_remarks, record), reverse("meetings:minutes", args=[pk])
    told = (record.meeting, services.REMARKS_WRITTEN)
    return save(request, form, write, _("Merknadene er lagret."), to=to, told=told) or _page(request, record, form)


def _resolved(request: PersonRequest, pk: int) -> tuple[Case, Resolution]:
    """A case that the person leads, whose minutes are not adopted, with its resolution; 404 without one."""
    case: Case = visible_case(request, pk)
    record = _minutes(request, case.meeting_id)
    require(can_adopt_minutes(request.user, record, now=request.now))
    require(can_lead_case(request.user, case, now=request.now))
    require_to_open(request, is_not_adopted(case.meeting))
    resolution = getattr(case, "resolution", None)
    if resolution is None:
        raise Http404
    return case, resolution


@login_required
@require_http_methods(["GET", "POST"])
def write_statements(request: PersonRequest, pk: int) -> HttpResponse:
    """Protokolltilførsel of a case, until the minutes are adopted."""
    case, resolution = _resolved(request, pk)
    initial = {"statements": resolution.statements}
    form = StatementsForm(pending.data(request), initial=initial, address=request.path)
    form.helper.cancel_url = reverse("meetings:minutes", args=[case.meeting_id])
    if request.method == "POST":
        write, to = partial(resolving.write_statements, resolution), reverse("meetings:minutes", args=[case.meeting_id])
        told = (case, resolving.STATEMENTS_WRITTEN)
        if answer := save(request, form, write, _("Protokollen er oppdatert."), to=to, told=told):
            return answer
    context = {"case": case, "meeting": case.meeting, "form": form, "title": _("Protokolltilførsel")}
    return render(request, "meetings/case_form.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """Put right what was entered wrongly in a resolution, until the minutes are adopted."""
    case, resolution = _resolved(request, pk)
    initial = corrections.shown_of(resolution, case)
    asks_frame = bool(case.application_id) and (request.method == "POST" or bool(resolution.over_frame_reason))
    equal = open_equals(case, standing_at(request.user, request.now))
    asks = {"asks_frame": asks_frame, "asks_difference": bool(equal)}
    form = CorrectionForm(pending.data(request), case=case, resolution=resolution, **asks, initial=initial)
    form.helper.cancel_url = reverse("meetings:minutes", args=[case.meeting_id])
    tell_form(form, noun_context_of(case))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            typed = {**initial, **form.typed(by_button=True)}
            why = form.cleaned_data["why"]
            return corrections.correct(resolution, **typed, why=why, base=form.base, by=request.user, at=request.now)

        if attempt(request, act, _("Vedtaket er rettet. Det gamle står i protokollen."), form=form):
            return redirect("meetings:minutes", case.meeting_id)
    if request.method == "POST":
        amount = form.cleaned_data.get("amount", resolution.amount)
        over = passed_by(case, amount, before=resolution.amount or 0, user=request.user, at=request.now)
        ask_frame_again(form, over)
    context = {"case": case, "meeting": case.meeting, "form": form, "title": _("Rett vedtaket")}
    return render(request, "meetings/case_form.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def adopt(request: PersonRequest, pk: int) -> HttpResponse:
    """Adopt and freeze, which the page asks about first: it cannot be undone."""
    record = _minutes(request, pk)
    require(can_adopt_minutes(request.user, record, now=request.now))
    if request.method == "GET":
        if not record.meeting.is_closed:
            return redirect("meetings:minutes", pk)
        return _asked(request, record)
    try:
        services.adopt(record, by=request.user, at=request.now, shown=request.GET.get("shown", ""))
    except ChangedError as error:
        messages.error(request, str(error))
        record.refresh_from_db()
        return _asked(request, record, status=409)
    except services.UnsoundError as unsound:
        return _page(request, record, _remarks_form(record, None), unsound=unsound.lines)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Protokollen er godkjent og låst. PDF-en lages nå."))
    return redirect("meetings:minutes", pk)


def _asked(request: PersonRequest, record: Minutes, status: int = 200) -> HttpResponse:
    """The question, beside what is locked and what has been written since the meeting."""
    closed = _closed(request, record)
    whole = _content(record)
    content = shown(whole, closed)
    changed = [case for case in content["cases"] if case.get("corrections") or case.get("statements")]
    context = {"meeting": record.meeting, "minutes": content, "changed": changed, "closed": closed}
    told = sums(services.parts(whole, closed))
    context["url"] = f"{reverse('meetings:adopt_minutes', args=[record.meeting_id])}?shown={told}"
    return render(request, "meetings/minutes_adopt.html", context, status=status)


@login_required
@require_safe
def minutes_pdf(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The adopted minutes as a document: not for somebody to whom a case in it is closed, since it is one file."""
    record = _minutes(request, pk)
    require(can_read_whole_minutes(_closed(request, record)))
    return made_or_back(request, record.pdf, reverse("meetings:minutes", args=[pk]))


@login_required
@require_safe
def extract_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """One case of the adopted minutes as a document (særutskrift)."""
    case = visible_case(request, pk)
    record = _minutes(request, case.meeting_id)
    require(can_read_whole_minutes({pk} & _closed(request, record)))
    part = extract(record.snapshot, case.reference) if record.snapshot else None
    if part is None:
        raise Http404
    title = _("Særutskrift sak %(case)s") % {"case": case.reference}
    context = {"document": record.document, **drawn(part), "is_extract": True}
    document = pdf.render(MINUTES.template, context, title=title, at=record.adopted_at)
    name = title.replace("/", "-")
    return HttpResponse(
        document, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )
