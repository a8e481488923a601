"""What every page of one application does first."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from applications.models import Application
from evaluation.assessment import permissions
from evaluation.assessment.habilitet import State
from evaluation.assessment.permissions import Access
from evaluation.assessment.queries.ranking import PER_PAGE
from evaluation.assessment.turn import Turn, handled_in, named, stages, turn_of, turn_url
from portal.communities.queries import standing_at
from portal.requests import PersonRequest
from rounds.models import Stage

OK, REFUSED, CONFLICT, INVALID = 200, 403, 409, 422


def find(request: PersonRequest, code: str, *joined: str) -> tuple[Application, Access]:
    """The application of that code, if the person sees it (404), and what the person is to it."""
    visible = permissions.visible_to(request.user, request.now).select_related("round__frame", "community", *joined)
    application = get_object_or_404(permissions.with_state(visible, request.user.pk), code=code)
    return application, permissions.access(request.user, application, now=request.now)


def stage_of(application: Application, code: str) -> Stage:
    """The named stage of the application's round."""
    return get_object_or_404(Stage.objects.select_related("body"), round=application.round_id, code=code)


def handled_turns(request: PersonRequest, code: str) -> list[Turn]:
    """The turns of the round that the person handles; 404 when there are none."""
    turns = handled_in(code, standing_at(request.user, request.now))
    if not turns:
        raise Http404
    return turns


def handled_turn(request: PersonRequest, code: str, stage: str, place: str) -> Turn:
    """The turn of the address, or 404 for those who do not handle it."""
    return pick(handled_turns(request, code), stage, place)


def pick(turns: list[Turn], stage: str, place: str) -> Turn:
    """The turn of the address among those that the person handles, or 404."""
    turn = named(turns, stage, place)
    if turn is None:
        raise Http404
    return turn


def turn_in(application: Application, mine: Access, stage: str = "") -> Turn:
    """The turn in which the person meets the application: that of the named stage, if the person has it there.

    Unnamed, the newest that the person's secretariat handles; to an assessor the one that waits for an assessment,
    or the newest that was assessed. Raises 404 for a stage in which the person has nothing to do with it.
    """
    if mine.entries:
        entries = [entry for entry in mine.entries if stage in {"", entry.stage.code}]
        if not entries and stage:
            raise Http404
        return Turn(application.round, entries[-1].stage, entries[-1].community)
    given = [item for item in stages(application.round) if item.pk in mine.assigned and stage in {"", item.code}]
    if not given:
        raise Http404
    waiting = [item for item in given if item.pk not in mine.delivered]
    return turn_of(application, waiting[0] if waiting else given[-1])


def must_declare(application: Application, mine: Access) -> HttpResponse | None:
    """An assessor who has not answered goes to the declaration; the papers open afterwards."""
    if mine.assigned and mine.state == State.UNDECLARED:
        return redirect("assessment:habilitet", application.code)
    return None


def row_url(turn: Turn, code: str, rank: int | None) -> str:
    """The board, on the page and at the row of one application."""
    page = ((rank or 1) - 1) // PER_PAGE + 1
    return f"{turn_url(turn, 'board')}?page={page}#s-{code}"


def context_of(application: Application, **more: Any) -> dict[str, Any]:
    """What the pages of one application share."""
    return {
        "application": application,
        "round": application.round,
        "detail_url": reverse("assessment:detail", args=[application.code]),
        **more,
    }
