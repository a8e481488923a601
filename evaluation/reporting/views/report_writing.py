"""The secretariat's work on a report: begun, written chapter by chapter, approved, opened again."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.reporting import queries, services
from evaluation.reporting.chapters import BY_CODE, CHAPTERS
from evaluation.reporting.forms import ApproveForm, BeginForm, ChapterForm, OpenAgainForm
from evaluation.reporting.models import PeriodReport, ReportKind
from evaluation.reporting.permissions import can_begin, can_open_again, can_write
from evaluation.reporting.queries.period_figures import year_so_far
from evaluation.reporting.views.report_page import content_for, find_report, report_shown
from portal import pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest
from portal.writing import save


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: PersonRequest) -> HttpResponse:
    """Begin a report for a period; its texts are last year's until somebody has gone through them."""
    require(can_begin(request.user, now=request.now))
    senders = queries.senders_for(standing_at(request.user, request.now))
    so_far = year_so_far(request.now)
    initial = {"first_day": so_far.first, "last_day": so_far.last}
    form = BeginForm(pending.data(request), senders=senders, initial=initial)
    form.helper.cancel_url = reverse("reporting:list")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        days = {name: data[name] for name in ("first_day", "last_day", "due_date")}
        begun: list[PeriodReport] = []

        def act() -> None:
            kind = ReportKind(data["kind"])
            begun.append(services.begin(form.chosen_sender, kind, **days, by=request.user, at=request.now))

        if attempt(request, act, _("Rapporten er laget. Tallene er hentet, skriv det de ikke sier selv."), form=form):
            return redirect(begun[0])
    return render(request, "reporting/begin.html", {"form": form}, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def chapter(request: PersonRequest, pk: int, chapter: str) -> HttpResponse:
    """The text of a chapter, with its figures beside."""
    report = find_report(request, pk)
    require_to_open(request, can_write(request.user, report, now=request.now))
    if chapter not in BY_CODE:
        raise Http404
    parts = queries.parts_of(report)
    part = next(each for each in parts if each.chapter.code == chapter)
    address = reverse("reporting:chapter", args=[pk, chapter])
    initial = {"text": part.text}
    form = ChapterForm(pending.data(request), initial=initial, address=address, chapter=part.chapter)
    form.helper.cancel_url = report.get_absolute_url()
    if request.method == "POST":
        write = partial(services.write, report, chapter)
        told = (part.row, services.WRITTEN)
        answer = save(request, form, write, _("Teksten er lagret."), to=_after(report, chapter), told=told)
        if answer is not None:
            return answer
    shown = next(each for each in content_for(request, report).chapters if each.code == chapter)
    context = {"report": report, "form": form, "part": part, "parts": parts, "chapter": shown}
    return render(request, "reporting/chapter.html", context, status=form.http_status)


def _after(report: PeriodReport, chapter: str) -> str:
    """The page after the chapter is saved: the next chapter, and after the last the report."""
    codes = [each.code for each in CHAPTERS]
    following = codes[codes.index(chapter) + 1 :]
    return reverse("reporting:chapter", args=[report.pk, following[0]]) if following else report.get_absolute_url()


@login_required
@require_POST
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve the report and send it."""
    report = find_report(request, pk)
    require(can_write(request.user, report, now=request.now))
    form = ApproveForm(request.POST)
    if form.is_valid():
        act = partial(services.approve, report, shown=form.cleaned_data["shown"], by=request.user, at=request.now)
        attempt(request, act, _("Rapporten er godkjent og sendt."))
    return redirect(report)


@login_required
@require_POST
def open_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a sent report to put it right."""
    report = find_report(request, pk)
    require(can_open_again(request.user, report, now=request.now))
    form = OpenAgainForm(request.POST)
    if form.is_valid():
        act = partial(services.open_again, report, form.cleaned_data["why"], by=request.user, at=request.now)
        if attempt(
            request,
            act,
            _("Rapporten er åpnet. Det som er sendt, står som det var til den er godkjent på nytt."),
            form=form,
        ):
            return redirect(report)
    return report_shown(request, report, form)
