"""«Rangering og innstilling»: the ranking until the list is set up, then the list, with what is to be done now."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.assessment import permissions, portfolio
from evaluation.assessment.forms import ConsiderationsForm, MoveForm, TaskForm
from evaluation.assessment.models import Order, PriorityList, Recommendation, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_reasons, board_warnings, ranking, turns
from evaluation.assessment.queries.board_reasons import Kind, Reason
from evaluation.assessment.queries.closed import ClosedCases, closed_cases, closed_ids, turn_for, why_closed
from evaluation.assessment.queries.outstanding import to_record
from evaluation.assessment.turn import Turn, turn_pages, turn_url
from evaluation.assessment.views.reading import page_with_rank
from portal import pending
from portal.communities.queries import standing_at
from portal.formats import datetime_no, in_words, kroner
from portal.requests import PersonRequest
from portal.twins import twin_lazy, twin_n, twin_of
from portal.ui import NextStep

TaskForms = dict[str, TaskForm]


def shown(
    request: PersonRequest,
    turn: Turn,
    *,
    whole: ConsiderationsForm | None = None,
    tasks: TaskForms | None = None,
    moved: tuple[Recommendation, MoveForm] | None = None,
) -> HttpResponse:
    """The page; with a form that was refused and what was typed in it: ``whole``, that of a task, or of a row."""
    page = page_with_rank(moved[0].rank) if moved else None
    context = read(request, turn, whole=whole, tasks=tasks, page=page)
    refused = [context["considerations"], *(tasks or {}).values()]
    if moved:
        context["moved"] = moved
        refused.append(moved[1])
    status = max(form.http_status for form in refused)
    return render(request, "assessment/turn_board.html", context, status=status)


def read(
    request: PersonRequest,
    turn: Turn,
    *,
    whole: ConsiderationsForm | None = None,
    tasks: TaskForms | None = None,
    page: int | None = None,
) -> dict[str, Any]:
    """What the page shows to the person; ``page`` of the list, else that of the address."""
    number = str(page) if page else request.GET.get("page")
    priority_list = turns.priority_list_of(turn)
    standing = standing_at(request.user, request.now)
    why = why_closed(standing)
    closed = closed_ids(standing, boards.on_list(priority_list), why) if priority_list else set()
    # The judgement of the list as a whole may mention a case that is closed to the person.
    words = priority_list.considerations if priority_list and not closed else ""
    form = whole or whole_form(turn, words, pending.restore(request, turn_url(turn, "considerations")))
    seen = turn_for(turn, standing, why)
    context = _board(seen, priority_list, number, closed)
    context |= _not_listed(seen, priority_list, closed_cases(standing, why), context, number)
    context |= {"tasks": _tasks(turn, priority_list, tasks or {}), "words": words, "considerations": form}
    context["step"] = _step(request, context)
    return context


def whole_form(turn: Turn, words: str, data: QueryDict | None) -> ConsiderationsForm:
    """The form for the judgement of the list as a whole, with what is stored or was typed."""
    return ConsiderationsForm(data, initial={"considerations": words}, address=turn_url(turn, "considerations"))


# --- what is shown --------------------------------------------------------------------------------------


def _board(
    turn: Turn, priority_list: PriorityList | None, number: str | None, closed: Collection[int]
) -> dict[str, Any]:
    sums = boards.sums(priority_list, turn)
    page: Page[Any] = Paginator(range(sums.count), ranking.PER_PAGE).get_page(number)
    positions = range(max(page.start_index() - 1, 0), page.end_index())
    lines = boards.page(priority_list, turn, positions, sums.count, closed) if priority_list and sums.count else []
    is_open = bool(priority_list and lines and not closed)
    bare, is_end = [line for _row, line in lines], positions.stop == sums.count
    available = [row for row, _line in lines if row.application_id not in closed]
    return {
        "turn": turn,
        "round": turn.round,
        "urls": turn_pages(turn),
        "list": priority_list,
        "is_by_points": boards.is_by_points((row for row, _line in lines), closed),
        "page_obj": page,
        "lines": lines,
        "sums": sums,
        "above": positions.start,
        "closed": closed,
        "warnings": board_warnings.warnings(priority_list, turn, sums) if priority_list and is_open else [],
        # A sum of the others would tell of those that are closed to the person.
        "pieces": _pieces([line.entry.amount for line in bare], bare[0].running, sums.total) if is_open else [],
        "frame_line": portfolio.frame_line(bare, sums.total, turn.available, is_end=is_end) if is_open else None,
        "reasons": board_reasons.needed(available),
        "principles": boards.principles(turn),
    }


def _pieces(amounts: Sequence[int], first_running: int, total: int) -> list[int]:
    """The amounts of a page, with all those above it and all those below it as one piece each."""
    above = first_running - amounts[0]
    return [above, *amounts, total - above - sum(amounts)]


def _not_listed(
    turn: Turn, priority_list: PriorityList | None, closed: ClosedCases, board: dict[str, Any], number: str | None
) -> dict[str, Any]:
    """Those that are not on the list: the whole ranking before there is one, else what comes below its last page."""
    context: dict[str, Any] = {"waiting": boards.not_listed(turn, priority_list), "rows": []}
    if not board["lines"]:
        context |= _ranking(turn, closed, number)
    elif context["waiting"] and not board["page_obj"].has_next() and priority_list:
        context["rows"] = ranking.not_listed(turn, closed, priority_list)
    return context


def _ranking(turn: Turn, closed: ClosedCases, number: str | None) -> dict[str, Any]:
    left_out = ranking.titles_closed(turn, closed)
    # Without those that are closed to the person it cannot be told how far the frame reaches.
    available = None if left_out else turn.available
    summary = ranking.summary(turn, closed)
    page: Page[Any] = Paginator(range(summary.count), ranking.PER_PAGE).get_page(number)
    start = max(page.start_index() - 1, 0)
    rows, _within = ranking.page(turn, closed, summary, available=available, start=start)
    amounts = [row.requested or 0 for row in rows]
    return {
        "rows": rows,
        "summary": summary,
        "left_out": left_out,
        "page_obj": page,
        "order": ranking.first_order(turn),
        "pieces": [] if left_out or not rows else _pieces(amounts, rows[0].running, summary.requested),
    }


def _tasks(turn: Turn, priority_list: PriorityList | None, refused: TaskForms) -> list[tuple[Task, Any, TaskForm]]:
    """The stage's tasks but freezing, each with what was recorded and its form."""
    done = boards.acts_by_task(priority_list)
    forms = {task: TaskForm(prefix=task) for task in turn.tasks if task != Task.PRIORITISE} | refused
    return [(Task(task), done.get(Task(task)), form) for task, form in forms.items()]


# --- what is to be done now -----------------------------------------------------------------------------


def _step(request: PersonRequest, board: dict[str, Any]) -> NextStep | None:
    """The first of: set up, take in, recommend, reason, record the tasks, look over and lock."""
    priority_list, urls = board["list"], board["urls"]
    if priority_list and priority_list.is_frozen:
        title = _("Låst %(when)s") % {"when": datetime_no(priority_list.frozen_at)}
        news = _("Prioriteringen er låst")
        return NextStep(title, heading=news, act=_("Se den låste listen"), url=urls["list"], tone="success")
    if board["waiting"]:
        return _to_set_up(request, board)
    if not board["lines"]:
        return None
    step = _to_recommend(board["turn"], board) or _to_reason(board["turn"], board["reasons"])
    if step:
        return step
    if board["closed"]:
        return NextStep(_("En kollega må se over og låse listen"), heading=_("Noe på listen er stengt for deg"))
    return _to_record(board) or NextStep(
        _("Når listen er låst, kan den oversendes eller settes opp i et møte"),
        heading=_all_reasoned(board),
        act=_("Se over og lås prioriteringen"),
        url=urls["freeze"],
    )


def _all_reasoned(board: dict[str, Any]) -> str:
    """The news when only the lock is left: with what the list leaves of the frame, where it has one."""
    available = board["turn"].available
    if available is None:
        return _("Alt på listen er begrunnet")
    left = available - board["sums"].total
    said = _("Alt er begrunnet, %(amount)s igjen") if left >= 0 else _("Alt er begrunnet, %(amount)s over rammen")
    return said % {"amount": kroner(abs(left))}


def _to_set_up(request: PersonRequest, board: dict[str, Any]) -> NextStep:
    count, url = board["waiting"], board["urls"]["board"]
    context = board["round"].noun_context
    news = twin_n(
        context,
        "%(n)s søknad til vurdering står ikke på listen",
        "%(n)s søknader til vurdering står ikke på listen",
        count,
    ) % {"n": count}
    verdict = permissions.can_set_up(request.user, board["turn"], now=request.now)
    if not verdict:
        return NextStep(verdict.reason, heading=news)
    if board["lines"]:
        act = ngettext("Sett den nederst på listen", "Sett dem nederst på listen", count)
    else:
        act = _first_order(board["order"], context)
    return NextStep(_("Rekkefølgen kan endres etterpå"), heading=news, act=act, url=url, is_post=True)


def _first_order(order: Order, context: str) -> str:
    if order == Order.SCORE:
        return _("Sett opp listen etter poeng")
    if order == Order.HOME:
        return _("Sett opp listen etter helsefellesskapenes rekkefølge")
    return twin_of(twin_lazy("Sett opp listen i den rekkefølgen søknadene kom"), context)


def _to_recommend(turn: Turn, board: dict[str, Any]) -> NextStep | None:
    rows = board_reasons.missing(board["reasons"], Kind.RECOMMENDATION)
    if rows:
        news = ngettext(
            "Én på listen mangler innstilling eller begrunnelse",
            "%(n)s på listen mangler innstilling eller begrunnelse",
            len(rows),
        ) % {"n": in_words(len(rows))}
        return _written(turn, news, _("Skriv innstilling"), rows[0].code, at=(rows[0].rank, rows[0].title))
    if not board["sums"].waiting or board["closed"]:
        return None
    first = board_reasons.first_not_ready(board["list"])
    news = _("Noe på en annen side mangler innstilling eller begrunnelse")
    return _written(turn, news, _("Skriv innstilling"), first[0], at=first[1:]) if first else None


def _to_reason(turn: Turn, needed: Sequence[Reason]) -> NextStep | None:
    rows = board_reasons.missing(needed, Kind.ORDER, Kind.THRESHOLD)
    if not rows:
        return None
    news = ngettext("Ett avvik må begrunnes", "%(n)s avvik må begrunnes", len(rows)) % {"n": in_words(len(rows))}
    return _written(turn, news, _("Begrunn"), rows[0].code, at=(rows[0].rank, rows[0].title))


def _written(turn: Turn, news: str, act: str, code: str, *, at: tuple[int | None, str]) -> NextStep:
    rank, name = at
    said = _("Neste: plass %(rank)s, «%(title)s»") if rank else _("Neste: «%(title)s»")
    title = said % {"rank": rank, "title": name}
    return NextStep(title, heading=news, act=act, url=turn_url(turn, "recommend", code))


def _to_record(board: dict[str, Any]) -> NextStep | None:
    waiting = [task for task, done, _form in board["tasks"] if not done]
    if not waiting:
        return None
    text = _("Skriv hvem som har gjort det, og når.")
    news = _all_reasoned(board)
    return NextStep(to_record(waiting), heading=news, act=_("Gå til registreringen"), url="#tasks-heading", text=text)
