"""The pages: what minutes ask for, the list of a body, and one item."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.actions import list_file, queries, services
from evaluation.actions.forms import AddForm, GoThrough, MendForm, ReportForm, SettleForm
from evaluation.actions.models import FollowUpItem, State
from evaluation.actions.permissions import can_keep, can_report
from evaluation.actions.queries import Listed, asked, rows
from evaluation.actions.queries.owners import owners_for
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.models import Body
from portal.communities.queries import standing_at
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.ui import Event


def _today(request: PersonRequest) -> date:
    return local_date(request.now)


# --- what adopted minutes ask for -------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def go_through(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm, mend or leave what the resolutions of a meeting ask for, point by point."""
    standing = standing_at(request.user, request.now)
    meeting = get_object_or_404(asked.visible_meetings(standing), pk=pk)
    require(can_keep(request.user, meeting.body, now=request.now))
    owners = owners_for(meeting.body, _today(request))
    data = pending.data(request)
    shown = _numbers(data.getlist("case")) if data is not None else None
    form = GoThrough(data, asked.proposals_of(meeting, standing, owners, shown), owners)
    if request.method == "POST" and form.is_valid():

        def act() -> Sequence[FollowUpItem]:
            return services.go_through(meeting, form.cases, form.new_items, by=request.user, at=request.now)

        if attempt(request, act, _made):
            return redirect("actions:list", meeting.body.code)
    context = {"meeting": meeting, "form": form, "list_url": reverse("actions:list", args=[meeting.body.code])}
    return render(request, "actions/go_through.html", context, status=form.http_status)


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 10]  # noqa: PLR2004 - ids are shorter


def _made(items: Sequence[FollowUpItem]) -> str:
    if not items:
        return _("Ingen punkter ble ført opp. Sakene er gått gjennom.")
    return ngettext("%(n)s punkt er ført opp.", "%(n)s punkter er ført opp.", len(items)) % {"n": len(items)}


# --- the list of a body -----------------------------------------------------------------------------------


def _listed_body(request: PersonRequest, code: str) -> Body:
    return get_object_or_404(queries.listed_bodies(standing_at(request.user, request.now)), code=code)


@login_required
@require_safe
def body_list(request: PersonRequest, code: str) -> HttpResponse:
    """What the body has asked for: late first, then by date; what is done and dropped is folded."""
    body = _listed_body(request, code)
    if body.in_force != body:
        return redirect("actions:list", body.in_force.code)
    today = _today(request)
    listed = queries.list_of(body, standing_at(request.user, request.now), today)
    context = {
        "body": body,
        "heading": _news(listed),
        "open": [rows.row_of(item, today) for item in listed.open],
        "closed": [
            (label, [rows.row_of(item, today) for item in items])
            for label, items in ((State.DONE.label, listed.done), (State.DROPPED.label, listed.dropped))
            if items
        ],
        "keeps": can_keep(request.user, body, now=request.now),
    }
    return render(request, "actions/list.html", context)


def _news(listed: Listed) -> str:
    """The heading of the list: how much is to be followed up, and how much of it is late."""
    count = len(listed.open)
    if not count:
        return _("Ingen vedtak å følge opp nå")
    said = ngettext("Ett vedtak å følge opp", "%(n)s vedtak å følge opp", count) % {"n": in_words(count)}
    if not listed.late:
        return said
    late = ngettext("ett er over fristen", "%(n)s er over fristen", listed.late)
    return f"{said}, {late % {'n': in_words(listed.late).lower()}}"


@login_required
@require_safe
def body_csv(request: PersonRequest, code: str) -> HttpResponse:
    """The list as a file for a spreadsheet."""
    body = _listed_body(request, code)
    listed = queries.list_of(body, standing_at(request.user, request.now), _today(request))
    answer = HttpResponse("".join(list_file.lines(listed)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="oppfolging-{body.code}.csv"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, code: str) -> HttpResponse:
    """An item by hand, of a resolution in adopted minutes."""
    body = _listed_body(request, code)
    require(can_keep(request.user, body, now=request.now))
    standing = standing_at(request.user, request.now)
    cases, owners = queries.cases_that_ask(body, standing), owners_for(body, _today(request))
    form = AddForm(pending.data(request), cases=cases, owners=owners)
    form.helper.cancel_url = reverse("actions:list", args=[body.code])
    if request.method == "POST" and form.is_valid():

        def act() -> FollowUpItem:
            return services.add(form.cleaned_data["case"], form.new_item, by=request.user, at=request.now)

        if attempt(request, act, _("Punktet er ført opp."), form=form):
            return redirect("actions:list", body.code)
    context = {"body": body, "form": form, "title": _("Før opp et punkt")}
    return render(request, "actions/form.html", context, status=form.http_status)


# --- one item ---------------------------------------------------------------------------------------------


def _item(request: PersonRequest, pk: int) -> FollowUpItem:
    """The item if the person may read it, else 404."""
    visible = queries.visible_items(standing_at(request.user, request.now)).with_case()
    return get_object_or_404(visible, pk=pk)


@login_required
@require_safe
def item(request: PersonRequest, pk: int) -> HttpResponse:
    """One item: what was adopted, by whom and when it is to be done, and what has been told of it."""
    return _page(request, _item(request, pk))


def _page(
    request: PersonRequest, row: FollowUpItem, *, report: ReportForm | None = None, settle: SettleForm | None = None
) -> HttpResponse:
    standing = standing_at(request.user, request.now)
    steps = queries.steps_of(row)
    last = steps[0].pk if steps else None
    if can_report(request.user, row, now=request.now):
        report = report or ReportForm(None, last=last)
        report.helper.form_action = reverse("actions:report", args=[row.pk])
    keeps = can_keep(request.user, row.case.body, now=request.now)
    if keeps:
        settle = settle or SettleForm(None, item=row, last=last)
        settle.helper.form_action = reverse("actions:settle", args=[row.pk])
    context = {
        "item": row,
        "line": rows.row_of(row, _today(request)),
        "heading": rows.news_of(row, _today(request)),
        "events": [Event(at=step.told_at, text=step.sentence, by=step.told_by.name) for step in steps],
        "report": report,
        "settle": settle,
        "keeps": keeps,
        "reads_list": queries.reads_list(standing, row.case.body_id),
    }
    shown = [form for form in (report, settle) if form and form.is_bound]
    return render(request, "actions/item.html", context, status=shown[0].http_status if shown else 200)


@login_required
@require_POST
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """The owner tells what is done."""
    row = _item(request, pk)
    require(can_report(request.user, row, now=request.now))
    form = ReportForm(request.POST, last=queries.last_step(row))
    if form.is_valid():

        def act() -> FollowUpItem:
            data = form.cleaned_data
            told = {"is_done": data["is_done"], "seen": form.seen_id}
            return services.report(row, data["sentence"], **told, by=request.user, at=request.now)

        if attempt(request, act, _("Takk. Det står nå på oppfølgingslisten."), form=form):
            return redirect("actions:item", pk)
        form.see(queries.last_step(row))
    return _page(request, row, report=form)


@login_required
@require_POST
def settle(request: PersonRequest, pk: int) -> HttpResponse:
    """The secretariat closes the item, or opens it again."""
    row = _item(request, pk)
    require(can_keep(request.user, row.case.body, now=request.now))
    form = SettleForm(request.POST, item=row, last=queries.last_step(row))
    if form.is_valid():

        def act() -> FollowUpItem:
            data = form.cleaned_data
            state = State(data["state"])
            return services.settle(row, state, data["sentence"], seen=form.seen_id, by=request.user, at=request.now)

        if attempt(request, act, _("Statusen er lagret."), form=form):
            return redirect("actions:item", pk)
        form.see(queries.last_step(row))
    return _page(request, row, settle=form)


@login_required
@require_http_methods(["GET", "POST"])
def mend(request: PersonRequest, pk: int) -> HttpResponse:
    """Mend the text, the owner, the date, or the case in which it comes back."""
    row = _item(request, pk)
    require(can_keep(request.user, row.case.body, now=request.now))
    standing, body = standing_at(request.user, request.now), row.case.body
    form = MendForm(
        pending.data(request),
        cases=queries.cases_to_return_in(row, standing),
        owners=owners_for(body, _today(request)),
        kept=row,
        initial=services.as_shown(row),
    )
    form.helper.cancel_url = reverse("actions:item", args=[pk])
    if request.method == "POST" and form.is_valid():

        def act() -> FollowUpItem:
            return services.mend(row, form.typed(by_button=True), base=form.base, by=request.user, at=request.now)

        if attempt(request, act, _("Endringene er lagret."), form=form):
            return redirect("actions:item", pk)
    context = {"body": body, "item": row, "form": form, "title": _("Endre punktet")}
    return render(request, "actions/form.html", context, status=form.http_status)
