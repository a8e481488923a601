"""The figures as they are now, and the projects behind a figure, of those and of a report."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.reporting import figures, queries
from evaluation.reporting.queries.period_figures import Tenant
from evaluation.reporting.report_content import ReportContent
from evaluation.reporting.views.report_page import content_for, find_report
from portal.communities.queries import standing_at
from portal.requests import PersonRequest


def _tenant(request: PersonRequest, code: str) -> Tenant:
    """The helsefellesskap or region whose figures the person may read, else 404."""
    readable = queries.figures_for(standing_at(request.user, request.now))
    for each in readable:
        if queries.code_of(each) == code:
            return each
    raise Http404


@login_required
@require_safe
def now(request: PersonRequest, tenant: str) -> HttpResponse:
    """The figures of the year so far, for those who serve or sit in the helsefellesskap or the region."""
    row = _tenant(request, tenant)
    content = queries.figures_now(row, standing_at(request.user, request.now), request.now)
    return render(
        request,
        "reporting/now.html",
        {"content": content, "facts": figures.in_short(content), "tenant": row, "code": tenant},
    )


@login_required
@require_safe
def now_row(request: PersonRequest, tenant: str, table: str, row: int) -> HttpResponse:
    """The projects behind a figure of the year so far."""
    sender = _tenant(request, tenant)
    content = queries.figures_now(sender, standing_at(request.user, request.now), request.now)
    return _behind(request, content, table, row, reverse("reporting:now", args=[tenant]))


@login_required
@require_safe
def report_row(request: PersonRequest, pk: int, table: str, row: int) -> HttpResponse:
    """The projects behind a figure of a report."""
    report = find_report(request, pk)
    return _behind(request, content_for(request, report), table, row, report.get_absolute_url())


def _behind(request: PersonRequest, content: ReportContent, table: str, row: int, back: str) -> HttpResponse:
    counted = queries.projects_behind(content, table, row, standing_at(request.user, request.now))
    if counted is None:
        raise Http404
    shown, projects = counted
    context = {
        "table": shown,
        "figure": shown.data.body[row],
        "projects": projects,
        "back": back,
        "content": content,
        "title": _("Prosjektene bak tallet"),
    }
    return render(request, "reporting/behind.html", context)
