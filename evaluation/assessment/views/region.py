"""Forwarding, the package, and the forwarded lists side by side for the body that receives them."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from evaluation.assessment import permissions
from evaluation.assessment.forms import TakenBackForm
from evaluation.assessment.models import Forwarding, PriorityList
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import packages, steps, turns
from evaluation.assessment.queries.access import list_access
from evaluation.assessment.queries.closed import turn_for
from evaluation.assessment.queries.outstanding import lists_to_come
from evaluation.assessment.services import forwarding
from evaluation.assessment.turn import Turn, turn_pages, turn_url
from evaluation.assessment.views.reading import find_turn
from portal import pending
from portal.acts import attempt
from portal.communities.models import Body
from portal.communities.queries import standing_at
from portal.errors import ChangedError, DomainError
from portal.files.serving import made_or_back
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.snapshots import sums
from portal.ui import NextStep
from portal.writing import CONFLICT, OK


@login_required
@require_http_methods(["GET", "POST"])
def forward(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """The applications to forward, the body that receives them, and the button that forwards them."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    require(permissions.can_forward(priority_list, turn))
    require(permissions.can_judge_whole(list_access(request.user, priority_list, now=request.now)))
    body = forwarding.next_body(turn)
    if priority_list is None or body is None:
        raise Http404
    status = OK
    if request.method == "POST":
        try:
            return redirect(turn_url(turn, "package" if _forwarded(request, turn, body) else "list"))
        except ChangedError as error:
            messages.error(request, str(error))
            priority_list, status = turns.priority_list_of(turn) or priority_list, CONFLICT
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), **_to_forward(priority_list, body)}
    context["contents"] = forwarding.contents(turn, has_extract=False)
    return render(request, "assessment/turn_forward.html", context, status=status)


def _to_forward(priority_list: PriorityList, body: Body) -> dict[str, Any]:
    """What goes to the body, with the sums that the button sends back."""
    rows = boards.rows_to_forward(priority_list)
    return {
        "body": body,
        "rows": rows,
        "list": priority_list,
        "shown": sums(forwarding.parts(priority_list, body, rows)),
    }


def _forwarded(request: PersonRequest, turn: Turn, body: Body) -> bool:
    """Forward what the page showed, and say how it went. Raises ChangedError when other applications would go."""
    try:
        forwarding.forward(turn, by=request.user, at=request.now, shown=request.POST.get("shown", ""))
    except ChangedError:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Listen er oversendt til %(body)s.") % {"body": body})
    return True


@login_required
@require_GET
def turn_package(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Redirect to the package of a turn, for the secretariat that sent it."""
    turn = find_turn(request, code, stage, receiver)
    forwarded = get_object_or_404(packages.forwarded_from(turn))
    return redirect("assessment:package_detail", code, forwarded.pk)


@login_required
@require_http_methods(["GET", "POST"])
def call_back(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """Take the package of a turn back, with a reason, until those who received it have opened it."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    forwarded = getattr(priority_list, "forwarding", None)
    require(permissions.can_call_back(forwarded, list_access(request.user, priority_list, now=request.now)))
    form = TakenBackForm(pending.data(request), submit=_("Kall tilbake"), cancel_url=turn_url(turn, "list"))
    if request.method == "POST" and form.is_valid():
        act = partial(forwarding.call_back, turn, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Oversendelsen er kalt tilbake. Listen er låst som før."), form=form):
            return redirect(turn_url(turn, "list"))
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), "form": form, "forwarding": forwarded}
    return render(request, "assessment/turn_call_back.html", context, status=form.http_status)


@login_required
@require_GET
def package(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """A package as it was sent: the page shows the snapshot and checks its SHA-256."""
    forwarded = _package(request, code, pk)
    _note_opened(request, [forwarded])
    frozen = boards.masked(forwarded.priority_list, standing_at(request.user, request.now), forwarded.snapshot["list"])
    closed = {row["code"] for row in frozen["rows"] if row.get("closed")}
    context = {
        "round": forwarded.priority_list.round,
        "forwarding": forwarded,
        "package": forwarded.snapshot,
        # Those that are closed come last: their places would tell of them.
        "dossiers": sorted(forwarded.snapshot["dossiers"], key=lambda dossier: dossier["code"] in closed),
        "frozen": frozen,
        "closed": closed,
        "is_intact": forwarded.document.is_intact,
        "call_back_url": _call_back_url(request, forwarded),
    }
    return render(request, "assessment/package_detail.html", context)


def _call_back_url(request: PersonRequest, forwarded: Forwarding) -> str:
    """Where whoever sent the package can call it back; empty when it is too late, or not theirs."""
    listed, standing = forwarded.priority_list, standing_at(request.user, request.now)
    here = Turn(listed.round, listed.stage, listed.community)
    is_sender = here.code in {turn.code for turn in turns.handled_turns(listed.round, standing)}
    may = is_sender and permissions.can_call_back(forwarded, list_access(request.user, listed, now=request.now))
    return turn_url(here, "call_back") if may else ""


@login_required
@require_GET
def package_pdf(request: PersonRequest, code: str, pk: int) -> HttpResponseBase:
    """The package as PDF; not for somebody who is inhabil in a case in it, since the PDF shows every case."""
    forwarded = _package(request, code, pk)
    require(permissions.can_read_whole(forwarded.snapshot, standing_at(request.user, request.now)))
    _note_opened(request, [forwarded])
    return made_or_back(request, forwarded.pdf, reverse("assessment:package_detail", args=[code, pk]))


def _package(request: PersonRequest, code: str, pk: int) -> Forwarding:
    visible = packages.visible_packages(standing_at(request.user, request.now))
    return get_object_or_404(visible, pk=pk, priority_list__round__code=code)


def _note_opened(request: PersonRequest, shown: Iterable[Forwarding]) -> None:
    """Keep that the packages were opened, when the person is of those who received them, and not of the senders."""
    standing = standing_at(request.user, request.now)
    for forwarded in shown:
        if forwarded.opened_at is None and packages.is_receiver(forwarded, standing):
            forwarding.open_package(forwarded, by=request.user, at=request.now)


def _step(turn: Turn, request: PersonRequest) -> NextStep | None:
    task = steps.first_of(turn, standing_at(request.user, request.now), request.now)
    return NextStep(task.title, act=task.act or _("Se dem"), url=task.url, due_at=task.due_at) if task else None


def _sums(received: Sequence[packages.Package]) -> dict[str, Any]:
    """What the lists ask for and recommend (kroner), together and each; empty when it tells of a closed application."""
    if any(item.has_closed for item in received):
        return {}
    parts = [item.recommended for item in received]
    return {"requested": sum(item.requested for item in received), "recommended": sum(parts), "parts": parts}


def _in_all(receiving: Turn | None, received: Sequence[packages.Package], request: PersonRequest) -> dict[str, Any]:
    """The sums; and while lists are missing, whose they are and how many there will be."""
    missing = lists_to_come(receiving, request.now) if receiving else []
    return {"sums": _sums(received), "missing": missing, "to_come": len(received) + len(missing) if missing else 0}


def _news(missing: Sequence[str]) -> str:
    sentence = ngettext("Én liste er ikke kommet ennå", "%(n)s lister er ikke kommet ennå", len(missing))
    return sentence % {"n": in_words(len(missing))} if missing else ""


@login_required
@require_GET
def side_by_side(request: PersonRequest, code: str) -> HttpResponse:
    """The forwarded lists side by side, each with its ranks."""
    standing = standing_at(request.user, request.now)
    received = packages.side_by_side(code, standing)
    _note_opened(request, packages.unopened(code, standing))
    of_round = received[0].round if received else get_object_or_404(turns.rounds(), code=code)
    receiving = packages.receiving_turn(of_round, standing)
    # Before a list has come, the page is for those whose turn will receive it.
    if not (received or receiving):
        raise Http404
    # Within one helsefellesskap there is only one list, and the page does not compare.
    within = bool(receiving and receiving.community) or (bool(received) and all(item.is_within for item in received))
    lead = _("Hver liste med sin egen rekkefølge, slik den ble oversendt.")
    apart = _("Poengene fra ulike helsefellesskap kan ikke sammenlignes.")
    context = {"round": of_round, "packages": received, **_in_all(receiving, received, request)}
    context |= {
        "turn": turn_for(receiving, standing) if receiving else None,
        "urls": turn_pages(receiving) if receiving else {},
        "step": _step(receiving, request) if receiving and received else None,
        "within": within,
        "name": _("Den forrige listen") if within else _("Helsefellesskapenes lister"),
        "news": "" if within else _news(context["missing"]),
        "lead": _("Rekkefølgen er slik den ble oversendt.") if within else f"{lead} {apart}",
    }
    return render(request, "assessment/round_lists.html", context)
