"""What is done on the board of a turn, and the freezing of its list."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluation.assessment import permissions
from evaluation.assessment.forms import (
    FreezeForm,
    MoveForm,
    RecommendationForm,
    TakenBackForm,
    TaskForm,
)
from evaluation.assessment.models import PriorityList, Recommendation, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_warnings, turns
from evaluation.assessment.queries import detail as details
from evaluation.assessment.queries.access import ListAccess, list_access
from evaluation.assessment.queries.candidates import to_take_off, undelivered_by
from evaluation.assessment.queries.case import summary_in
from evaluation.assessment.queries.closed import closed_cases, closed_ids, turn_for
from evaluation.assessment.queries.outstanding import Outstanding, missing_to_freeze, outstanding
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.turn import Turn, turn_pages, turn_url
from evaluation.assessment.views import board_page
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, find_turn, find_turns, row_url
from portal import pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.errors import ChangedError, ConflictError
from portal.formats import datetime_no, in_words
from portal.permissions import Verdict, require
from portal.requests import PersonRequest
from portal.snapshots import sums
from portal.twins import tell_form
from portal.ui import NextStep
from portal.writing import save

TaskForms = dict[str, TaskForm]


@login_required
@require_GET
def round_ranking(request: PersonRequest, code: str) -> HttpResponse:
    """Redirect to the board of the turn that the person works in now."""
    return redirect(turn_url(turns.earliest_remaining(find_turns(request, code)), "board"))


@login_required
@require_GET
def turn_ranking(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Redirect to the board, which shows the ranking until the list is set up: addresses from before lead here."""
    return redirect(turn_url(find_turn(request, code, stage, receiver), "board"))


# --- the board ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def board(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """«Rangering og innstilling»; a POST begins the list, or adds what has come since."""
    turn = find_turn(request, code, stage, receiver)
    if request.method == "POST":
        require(permissions.can_set_up(request.user, turn, now=request.now))
        _say(request, _("Listen er satt opp."), prioritising.set_up, turn)
        return redirect(turn_url(turn, "board"))
    return board_page.shown(request, turn)


def _say(request: PersonRequest, done: str, act: Any, *args: Any, **more: Any) -> bool:
    """Do the act as the person, now, with a message that says how it went."""
    return attempt(request, lambda: act(*args, **more, by=request.user, at=request.now), done)


@login_required
@require_POST
def considerations(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Save the judgement of the list as a whole."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    require(permissions.can_judge_whole(list_access(request.user, priority_list, now=request.now)))
    form = board_page.whole_form(turn, priority_list.considerations if priority_list else "", request.POST)
    write, to = partial(prioritising.consider, turn), turn_url(turn, "board")
    told = (priority_list, prioritising.CONSIDERED)
    return save(request, form, write, _("Vurderingen er lagret."), to=to, told=told) or board_page.shown(
        request, turn, whole=form
    )


@login_required
@require_POST
def record_task(request: PersonRequest, code: str, stage: str, receiver: str, task: str) -> HttpResponse:
    """Record that a task of the stage is done."""
    turn = find_turn(request, code, stage, receiver)
    if task not in Task.values:
        raise Http404
    require(permissions.can_judge_whole(list_access(request.user, turns.priority_list_of(turn), now=request.now)))
    form = TaskForm(request.POST, prefix=task)
    if form.is_valid():
        act = partial(prioritising.record_task, turn, Task(task), **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Registrert."), form=form, field="note"):
            return redirect(turn_url(turn, "board"))
    return board_page.shown(request, turn, tasks={task: form})


@login_required
@require_POST
def move(request: PersonRequest, code: str, stage: str, receiver: str, application: str) -> HttpResponse:
    """Give an application a new rank; the buttons «opp» and «ned» send a rank too."""
    turn = find_turn(request, code, stage, receiver)
    row = get_object_or_404(boards.recommendations(turn), application__code=application)
    require(permissions.can_move(request.user, row, now=request.now))
    form = MoveForm(request.POST)
    if form.is_valid():
        position, reason = form.cleaned_data["place"], form.cleaned_data["reason"]
        said = _("«%(title)s» står nå på plass %(place)s.") % {"title": row.application.title, "place": position}
        where: dict[str, Any] = {"position": position, "reason": reason}
        act = partial(prioritising.move, row, turn, **where, by=request.user, at=request.now)
        if attempt(request, act, said, form=form):
            row.refresh_from_db(fields=["rank"])
            return redirect(row_url(turn, application, row.rank))
    row.refresh_from_db(fields=["rank"])
    return board_page.shown(request, turn, moved=(row, form))


@login_required
@require_http_methods(["GET", "POST"])
def recommend(request: PersonRequest, code: str, stage: str, receiver: str, application: str) -> HttpResponse:
    """Outcome, amount, reason and conditions for one application."""
    turn = find_turn(request, code, stage, receiver)
    row = get_object_or_404(boards.recommendations(turn), application__code=application)
    require(permissions.can_recommend(request.user, row.application, row.priority_list, now=request.now))
    comparison = details.comparison(row.application, turn)
    asked: dict[str, Any] = {"outcomes": prioritising.outcomes(turn), "is_below": comparison.is_below}
    form = RecommendationForm(pending.data(request), **asked, initial=boards.initial(row), address=request.path)
    tell_form(form, turn.round.noun_context)
    if request.method == "POST":
        write, to = partial(prioritising.recommend, row, turn), _next(request, turn, row)
        done = _("Innstillingen for «%(title)s» er lagret.") % {"title": row.application.title}
        if answer := save(request, form, write, done, to=to, told=(row.application, prioritising.RECOMMENDED)):
            return answer
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), "row": row, "form": form}
    context |= {
        "summary": _summary(turn, row),
        "application": row.application,
        "comparison": comparison,
        # Where a case on the list is closed to the person, the places of the others would tell its place.
        "hides_rank": bool(closed_ids(standing_at(request.user, request.now), boards.on_list(row.priority_list))),
    }
    return render(request, "assessment/turn_recommend.html", context, status=form.http_status)


def _summary(turn: Turn, row: Recommendation) -> str:
    newest = details.newest(row.application)
    return summary_in(turn.round.spec, newest.snapshot) if newest else ""


def _next(request: PersonRequest, turn: Turn, row: Recommendation) -> str:
    """The address to go to: the next row after «lagre og neste», else the board."""
    if request.POST.get("act") == "next":
        code = boards.code_below(row, closed_cases(standing_at(request.user, request.now)))
        if code:
            return turn_url(turn, "recommend", code)
    return row_url(turn, row.application.code, row.rank)


# --- freezing -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def freeze(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """What is missing or outstanding, the warnings, and the button that locks the list."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    require(permissions.can_freeze(turn, priority_list, list_access(request.user, priority_list, now=request.now)))
    waiting = outstanding(turn, request.now)
    form = FreezeForm(pending.data(request), waiting=[item for item in waiting if item.may_be_left_out])
    status = OK
    if request.method == "POST":
        status = _freeze(request, turn, form)
        if status in {OK, CONFLICT}:
            return redirect(turn_url(turn, "list" if status == OK else "board"))
        # Somebody may have changed the list since the page that the button was on.
        priority_list = turns.priority_list_of(turn)
    rows = boards.rows(priority_list) if priority_list else []
    lacks = _lacks(turn, priority_list, rows, waiting)
    context = _to_lock(turn_for(turn, standing_at(request.user, request.now)), priority_list, rows)
    context |= {"form": form, "lacks": lacks, "step": _to_put_right(lacks)}
    context["shown"] = sums(freezing.parts(priority_list, turn, rows))
    return render(request, "assessment/turn_freeze.html", context, status=status)


def _to_lock(turn: Turn, priority_list: PriorityList | None, rows: Sequence[boards.Row]) -> dict[str, Any]:
    """The list as it will be locked, with its sums, and what should be known of it first."""
    sums = boards.sums(priority_list, turn)
    return {
        "turn": turn,
        "round": turn.round,
        "urls": turn_pages(turn),
        "list": priority_list,
        # Those that are withdrawn leave gaps in the ranks, which the lock closes.
        "lines": [(rank, row, turn.spec.outcome_label(row.outcome)) for rank, row in enumerate(rows, 1)],
        "pieces": [row.amount or 0 for row in rows],
        "sums": sums,
        "requested": sum(row.requested or 0 for row in rows),
        "warnings": board_warnings.warnings(priority_list, turn, sums) if priority_list and rows else [],
        "undelivered": undelivered_by(turn, priority_list) if priority_list else [],
    }


def _lacks(
    turn: Turn, priority_list: PriorityList | None, rows: Sequence[boards.Row], waiting: Sequence[Outstanding]
) -> list[Outstanding]:
    stopping = [item for item in waiting if not item.may_be_left_out]
    return stopping + (missing_to_freeze(turn, priority_list, rows) if priority_list else [])


def _to_put_right(lacks: Sequence[Outstanding]) -> NextStep | None:
    """The first thing that can be done now, while the deadline can only be waited for; None when nothing is missing."""
    if not lacks:
        return None
    news = ngettext("Én ting mangler før listen kan låses", "%(n)s ting mangler før listen kan låses", len(lacks))
    first = next((item for item in lacks if item.url and item.key != "deadline"), lacks[0])
    title = ngettext("Dette gjenstår", "Begynn med dette", len(lacks))
    heading = news % {"n": in_words(len(lacks))}
    return NextStep(title, text=first.sentence, act=first.link, url=first.url, heading=heading)


def _freeze(request: PersonRequest, turn: Turn, form: FreezeForm) -> int:
    if not form.is_valid():
        return INVALID
    try:
        shown = request.POST.get("shown", "")
        freezing.freeze(turn, by=request.user, at=request.now, left_out=form.left_out, shown=shown)
    except (ChangedError, freezing.NotReadyError) as error:
        form.add_error(None, str(error))
        return INVALID
    except ConflictError as error:
        messages.error(request, str(error))
        return CONFLICT
    messages.success(request, _("Prioriteringen er låst."))
    return OK


@login_required
@require_http_methods(["GET", "POST"])
def unlock(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Open the locked list again, with a reason."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    require(permissions.can_unlock(priority_list, list_access(request.user, priority_list, now=request.now)))
    form = TakenBackForm(pending.data(request), submit=_("Lås opp listen"), cancel_url=turn_url(turn, "list"))
    if request.method == "POST" and form.is_valid():
        act = partial(freezing.unlock, turn, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Listen er låst opp igjen. Den gamle listen er tatt vare på."), form=form):
            return redirect(turn_url(turn, "board"))
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), "form": form}
    context["to_take_off"] = to_take_off(turn, priority_list) if priority_list else []
    return render(request, "assessment/turn_unlock.html", context, status=form.http_status)


@login_required
@require_GET
def earlier_list(request: PersonRequest, code: str, stage: str, receiver: str, version: int) -> HttpResponse:
    """A list that was locked, and has been opened again since."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    if priority_list is None:
        raise Http404
    document = get_object_or_404(boards.earlier_lists(turn, priority_list), version=version)
    context = {
        "turn": turn,
        "round": turn.round,
        "urls": turn_pages(turn),
        "document": document,
        "frozen": boards.masked(priority_list, standing_at(request.user, request.now), document.snapshot),
    }
    return render(request, "assessment/turn_earlier_list.html", context)


@login_required
@require_GET
def frozen_list(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """The list as it was frozen."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    is_frozen = bool(priority_list and priority_list.is_frozen)
    access = list_access(request.user, priority_list, now=request.now)
    forwarding = getattr(priority_list, "forwarding", None)
    can_unlock = permissions.can_unlock(priority_list, access)
    step, lacks = _before_lock(turn, priority_list, access, request.now)
    if priority_list and is_frozen:
        step = _of_locked(turn, priority_list, can_unlock)
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), "list": priority_list}
    context |= {
        "earlier": boards.earlier_lists(turn, priority_list),
        "can_unlock": can_unlock,
        "can_call_back": permissions.can_call_back(forwarding, access),
        "frozen": boards.masked(priority_list, standing_at(request.user, request.now))
        if priority_list and is_frozen
        else None,
        "step": step,
        "lacks": lacks,
        "heading": step.heading if step else _("Prioritert liste"),
    }
    return render(request, "assessment/turn_list.html", context)


def _before_lock(
    turn: Turn, priority_list: PriorityList | None, access: ListAccess, now: datetime
) -> tuple[NextStep | None, list[Outstanding]]:
    """What comes before the lock, and all that is missing; nothing to one who may not lock the list."""
    if not priority_list or priority_list.is_frozen or not permissions.can_freeze(turn, priority_list, access):
        return None, []
    lacks = _lacks(turn, priority_list, boards.rows(priority_list), outstanding(turn, now))
    lock, ready = _("Se over og lås prioriteringen"), _("Listen er klar til å låses")
    return _to_put_right(lacks) or NextStep(lock, act=lock, url=turn_url(turn, "freeze"), heading=ready), lacks


def _of_locked(turn: Turn, priority_list: PriorityList, can_unlock: Verdict) -> NextStep:
    """What comes after the lock: to forward the list, to read what was forwarded, or to set the list up in a meeting.

    ``can_unlock`` says what a list that stays has been used for.
    """
    by = {"who": priority_list.frozen_by, "when": datetime_no(priority_list.frozen_at)}
    locked, heading = _("Låst %(when)s av %(who)s.") % by, _("Listen er låst")
    if forwarding := getattr(priority_list, "forwarding", None):
        to = {"body": forwarding.to_body, "when": datetime_no(forwarding.forwarded_at)}
        title = _("Oversendt til %(body)s %(when)s") % to
        return NextStep(
            title,
            text=locked,
            act=_("Se oversendelsen"),
            url=turn_url(turn, "package"),
            tone="success",
            heading=_("Listen er oversendt"),
        )
    if permissions.can_forward(priority_list, turn):
        return NextStep(
            _("Oversend listen"),
            text=locked,
            act=_("Se over og oversend"),
            url=turn_url(turn, "forward"),
            due_at=turn.forward_by,
            heading=heading,
        )
    if can_unlock:
        return NextStep(_("Listen kan settes opp i et møte"), text=locked, tone="success", heading=heading)
    return NextStep(_("Listen er i bruk"), text=f"{locked} {can_unlock.reason}", tone="success", heading=heading)
