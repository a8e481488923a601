"""All reports, one report as it is read, and its files."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from evaluation.reporting import figures, queries
from evaluation.reporting.documents import PERIOD_REPORT, drawn
from evaluation.reporting.figure_sheet import workbook
from evaluation.reporting.forms import ApproveForm, OpenAgainForm
from evaluation.reporting.models import PeriodReport
from evaluation.reporting.permissions import can_approve, can_begin, can_open_again, can_read, can_write
from evaluation.reporting.queries import Part
from evaluation.reporting.report_content import ReportContent
from evaluation.reporting.services import sum_of
from evaluation.reporting.word_file import word_document
from portal import pdf
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.files.services import response
from portal.formats import date_in_words, in_words
from portal.forms import Form
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest
from portal.ui import NextStep

OFFICE = "application/vnd.openxmlformats-officedocument"
FILES: dict[str, tuple[str, Callable[[ReportContent], bytes]]] = {
    "docx": (f"{OFFICE}.wordprocessingml.document", word_document),
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", workbook),
}


def find_report(request: PersonRequest, pk: int) -> PeriodReport:
    """The report if the person may see that it is there, else 404."""
    return get_object_or_404(queries.visible(standing_at(request.user, request.now)), pk=pk)


def content_for(request: PersonRequest, report: PeriodReport) -> ReportContent:
    """What the person reads of it: what was sent, else what is there now. 403 when a sum in it is closed to one."""
    require(can_read(request.user, report, now=request.now))
    if report.is_sent:
        return queries.frozen_content(report)
    return queries.content_of(report, standing_at(request.user, request.now), request.now)


@login_required
@require_safe
def report_list(request: PersonRequest) -> HttpResponse:
    """The reports, and the way to the figures as they are now."""
    standing = standing_at(request.user, request.now)
    context = {
        "page": page_of(request, queries.visible(standing)),
        "begins": can_begin(request.user, now=request.now),
        "figures": [(each, queries.code_of(each)) for each in queries.figures_for(standing)],
    }
    return render(request, "reporting/list.html", context)


@login_required
@require_safe
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """One report: what is missing first, then each chapter with its text and figures."""
    return report_shown(request, find_report(request, pk))


def report_shown(request: PersonRequest, row: PeriodReport, bound: Form | None = None) -> HttpResponse:
    """The page; ``bound`` is the form that was posted and could not be used."""
    content, parts = content_for(request, row), queries.parts_of(row)
    writes = can_write(request.user, row, now=request.now)
    left = queries.unwritten(parts) if writes else []
    context = {
        "report": row,
        "content": content,
        "facts": figures.in_short(content),
        "parts": parts,
        "heading": heading(row, left),
        "writes": writes,
        "receiver": queries.receiver_of(row),
        **_ways_on(request, row, content, left, bound),
    }
    return render(request, "reporting/report.html", context, status=bound.http_status if bound else 200)


def heading(row: PeriodReport, left: list[Part]) -> str:
    """The news of the report: when it was sent, how many chapters lack a text, or that it can be approved."""
    if row.approved_at:
        return _("Sendt %(day)s") % {"day": date_in_words(local_date(row.approved_at))}
    if left:
        said = ngettext("Én del mangler tekst", "%(n)s deler mangler tekst", len(left))
        return said % {"n": in_words(len(left)).capitalize()}
    return _("Alle delene er skrevet")


def _ways_on(
    request: PersonRequest, row: PeriodReport, content: ReportContent, left: list[Part], bound: Form | None
) -> dict[str, Any]:
    """The next step: to write what is missing, to approve, or for one who has sent it, to put it right."""
    if left:
        names = ", ".join(str(part.chapter.title) for part in left)
        url = reverse("reporting:chapter", args=[row.pk, left[0].chapter.code])
        act = _("Skriv «%(chapter)s»") % {"chapter": left[0].chapter.title}
        due_at = end_of_day(row.due_date) if row.due_date else None
        return {"step": NextStep(_("Skriv det tallene ikke sier selv"), text=names, act=act, url=url, due_at=due_at)}
    approves = can_approve(request.user, row, now=request.now)
    if approves:
        approval = bound if isinstance(bound, ApproveForm) else ApproveForm(None, initial={"shown": sum_of(content)})
        approval.helper.form_action = reverse("reporting:approve", args=[row.pk])
        return {"approval": approval}
    if can_open_again(request.user, row, now=request.now):
        opening = bound if isinstance(bound, OpenAgainForm) else OpenAgainForm(None)
        opening.helper.form_action = reverse("reporting:open_again", args=[row.pk])
        return {"opening": opening}
    return {"refused": approves.reason if can_write(request.user, row, now=request.now) else ""}


@login_required
@require_safe
def report_file(request: PersonRequest, pk: int, kind: str) -> HttpResponseBase:
    """The report as PDF, Word document or spreadsheet: what was sent, else what is there now."""
    row = find_report(request, pk)
    content = content_for(request, row)
    if kind == "pdf":
        return _pdf(row, content)
    if kind not in FILES:
        raise Http404
    content_type, make = FILES[kind]
    return _file(make(content), content_type, f"{row.title}.{kind}", "attachment")


def _pdf(row: PeriodReport, content: ReportContent) -> HttpResponseBase:
    """The PDF that the job has made, until then and of a draft one that is drawn now."""
    if row.is_sent and row.pdf:
        return response(row.pdf)
    document = row.document if row.is_sent else None
    context = {"document": document, **drawn(content.frozen)}
    made = pdf.render(PERIOD_REPORT.template, context, title=f"{row.title}, {row.sender.name}", lang="nb")
    return _file(made, "application/pdf", f"{row.title}.pdf", "inline")


def _file(made: bytes, content_type: str, name: str, how: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(how == "attachment", name) or how
    return answer
