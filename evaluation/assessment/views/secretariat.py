"""The secretariat's list of a turn, the CSV of it, and the even distribution among assessors."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from applications.workflow import Status
from evaluation.assessment.forms import DistributeForm, FilterForm
from evaluation.assessment.permissions import can_distribute, can_see_rounds
from evaluation.assessment.queries import export, lists, steps, turns
from evaluation.assessment.queries.candidates import candidates
from evaluation.assessment.queries.closed import ClosedCases, closed_cases
from evaluation.assessment.queries.neighbours import next_to_check
from evaluation.assessment.services import assigning
from evaluation.assessment.turn import Turn, address, turn_pages, turn_url, unchecked_status
from evaluation.assessment.views.came_from import filter_of, unchecked_list
from evaluation.assessment.views.reading import INVALID, OK, find_turn, find_turn_among, find_turns
from portal import clock, pending
from portal.communities.queries import standing_at
from portal.errors import DomainError
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import tell_form, twin_lazy, twin_n, twin_of
from portal.ui import NextStep


@login_required
@require_GET
def rounds(request: PersonRequest) -> HttpResponse:
    """The rounds that the person's secretariat handles."""
    require(can_see_rounds(request.user, now=request.now))
    lines = steps.rounds(standing_at(request.user, request.now))
    context = {"lines": lines, "heading": _news(lines), "step": _first_unchecked(lines)}
    return render(request, "assessment/rounds.html", context)


def _first_unchecked(lines: Sequence[steps.Line]) -> NextStep | None:
    """The first round in which somebody waits for the check, the latest first; None when nobody does."""
    line = next((line for line in lines if line.unchecked), None)
    if line is None:
        return None
    url = f"{reverse('assessment:round', args=[line.code])}?status={Status.SUBMITTED}"
    return NextStep(_("Kontroller det som er kommet inn"), text=line.title, act=_("Se hva som venter"), url=url)


def _news(lines: Sequence[steps.Line]) -> str:
    """The heading of the rounds: how many wait for the check, else how many have come in."""
    waiting = sum(line.unchecked for line in lines)
    if waiting:
        return ngettext("Én venter på kontroll", "%(n)s venter på kontroll", waiting) % {"n": in_words(waiting)}
    if total := sum(line.total for line in lines):
        return ngettext("Én er kommet inn", "%(n)s er kommet inn", total) % {"n": in_words(total)}
    return _("Ingenting er kommet inn ennå")


@login_required
@require_GET
def round_list(request: PersonRequest, code: str) -> HttpResponse:
    """The list of the turn that the person works in now."""
    handled = find_turns(request, code)
    return _list(request, turns.earliest_remaining(handled), handled)


@login_required
@require_GET
def turn_list(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """The applications of one turn: filtered, sorted, fifty a page."""
    handled = find_turns(request, code)
    return _list(request, find_turn_among(handled, stage, receiver), handled)


def _list(request: PersonRequest, turn: Turn, handled: list[Turn]) -> HttpResponse:
    standing = standing_at(request.user, request.now)
    closed = closed_cases(standing)
    choices = {"assessors": lists.assessors(turn, closed), "municipalities": lists.municipalities(turn)}
    form = FilterForm(request.GET or None, **choices)
    chosen = form.chosen if form.is_bound else {}
    counts, sort = lists.status_counts(turn, closed), lists.known(request.GET.get("sort", ""))
    page = _page(request, turn, chosen, sort, counts=counts, closed=closed)
    rows = lists.rows(page.object_list, page.start_index())
    context = {
        **_frame(turn, handled),
        "form": form,
        "page_obj": page,
        "rows": rows,
        "filter_of_list": filter_of(chosen, sort, turn.stage.code if len(handled) > 1 else ""),
        "requested": lists.requested(lists.filtered(turn, chosen, closed), closed) if rows else {},
        "counts": [(Status(status).label, count, status) for status, count in counts.items()],
        "sort": sort,
        "chosen_status": chosen.get("status", ""),
        **_told(turn, counts, rows, closed),
        "can_distribute": lists.can_distribute(turn, standing, rows),
        "is_filtered": not set(chosen) <= {"status"},
    }
    return render(request, "assessment/round_list.html", context)


def _told(turn: Turn, counts: dict[str, int], rows: Sequence[lists.Row], closed: ClosedCases) -> dict[str, Any]:
    """The heading, how many there are in all, the next to check, and whether a box of a row can be ticked.

    Where a stage checks nothing, what has come to it waits for no check.
    """
    total, unchecked = sum(counts.values()), counts.get(unchecked_status(turn), 0)
    check_url = _check_url(turn, closed) if unchecked else ""
    return {
        "heading": _heading(turn, total, unchecked if check_url else 0),
        "total": total,
        "check_url": check_url,
        "can_choose": any(row.is_in_work and not row.closed for row in rows),
    }


def _heading(turn: Turn, count: int, unchecked: int) -> str:
    """The news of the list: how many there are, and how many of them wait for the check."""
    context = turn.round.noun_context
    if not count:
        return twin_of(twin_lazy("Ingen søknader er kommet inn"), context)
    said = twin_n(context, "Én søknad", "%(n)s søknader", count) % {"n": in_words(count)}
    if not unchecked:
        return said
    waiting = twin_n(context, "én skal kontrolleres", "%(n)s skal kontrolleres", unchecked)
    return f"{said}, {waiting % {'n': in_words(unchecked).lower()}}"


def _check_url(turn: Turn, closed: ClosedCases) -> str:
    """The address of the check of the application that has waited longest; empty when there is none."""
    following = next_to_check(turn, closed)
    return unchecked_list(turn, None).kept(address("admission", following.code)) if following else ""


def _page(
    request: PersonRequest,
    turn: Turn,
    chosen: dict[str, Any],
    sort: str,
    *,
    counts: dict[str, int],
    closed: ClosedCases,
) -> Page[Any]:
    """The page asked for, in the order asked for."""
    entries = lists.filtered(turn, chosen, closed)
    if set(chosen) <= {"status"}:
        count = counts.get(chosen["status"], 0) if chosen else sum(counts.values())
    else:
        count = lists.size(entries)
    page: Page[Any] = Paginator(range(count), lists.PER_PAGE).get_page(request.GET.get("page"))
    positions = range(max(page.start_index() - 1, 0), page.end_index())
    page.object_list = list(lists.records(turn, entries, sort, positions, closed))
    return page


def _frame(turn: Turn, handled: list[Turn]) -> dict[str, Any]:
    return {
        "turn": turn,
        "has_communities": turn.community is None,
        "round": turn.round,
        "others": [(other, turn_url(other, "turn")) for other in handled if other is not turn],
        "urls": turn_pages(turn),
    }


@login_required
@require_GET
def turn_csv(request: PersonRequest, code: str, stage: str, receiver: str) -> StreamingHttpResponse:
    """Everything about the turn's applications, for a spreadsheet."""
    turn = find_turn(request, code, stage, receiver)
    answer = StreamingHttpResponse(
        export.lines(turn, standing_at(request.user, request.now)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{turn.round.code}-{turn.receiver_code}.csv"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def distribute(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Share the applications evenly among assessors: all that are assessed, or those that were chosen in the list.

    The address names the chosen ones (``?chosen=``); with ``?selected`` and none of them, there is nothing to share.
    """
    turn = find_turn(request, code, stage, receiver)
    codes = request.GET.getlist("chosen")
    if "selected" in request.GET and not codes:
        messages.warning(request, _("Kryss av for dem du vil fordele, og prøv igjen."))
        return redirect(turn_url(turn, "turn"))
    standing = standing_at(request.user, request.now)
    able, day = list(lists.to_distribute(turn, codes, standing)), clock.local_date(request.now)
    require(can_distribute(codes, {application.code for application in able}))
    people = candidates(turn, able, closed_cases(standing), day)
    possible = lists.chosen_among(person.pk for person in people if person.is_possible)
    initial = {"each": turn.spec.assessors, "due_date": turn.due_date(request.now)}
    form = DistributeForm(pending.data(request), people=possible, initial=initial)
    tell_form(form, turn.round.noun_context)
    status = OK
    if request.method == "POST":
        status = _distribute(request, turn, form, codes) if form.is_valid() else INVALID
        if status == OK:
            return redirect(turn_url(turn, "turn"))
    context = {"turn": turn, "round": turn.round, "form": form, "urls": turn_pages(turn)}
    context |= {"candidates": people, "count": len(able), "is_chosen": bool(codes)}
    lacking = lists.without_assessor(turn, able, day)
    context |= {"lacking": lacking, "others": len(able) - lacking, "shared": lists.with_assessors(turn, able)}
    return render(request, "assessment/turn_distribute.html", context, status=status)


def _distribute(request: PersonRequest, turn: Turn, form: DistributeForm, codes: list[str]) -> int:
    data = form.cleaned_data
    try:
        given = assigning.assign_evenly(
            turn,
            list(data["assessors"]),
            each=data["each"],
            due_date=data["due_date"],
            by=request.user,
            at=request.now,
            codes=codes,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return INVALID
    count = sum(given.values())
    said = ngettext("%(n)s vurdering er fordelt.", "%(n)s vurderinger er fordelt.", count) % {"n": count}
    each = ", ".join(f"{person}: {number}" for person, number in given.items())
    messages.success(request, f"{said} {each}" if count else _("Alt er fordelt fra før."))
    return OK
