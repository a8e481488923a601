"""What the pages of one application, or of one turn, do first: find it, or answer 404."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.access import Access, find_application
from evaluation.assessment.queries.ranking import PER_PAGE
from evaluation.assessment.turn import Turn, turn_url
from portal.communities.queries import standing_at
from portal.requests import PersonRequest

OK, REFUSED, CONFLICT, INVALID = 200, 403, 409, 422


def find(request: PersonRequest, code: str, *joined: str) -> tuple[Application, Access]:
    """The application and the person's access to it; 404 when the person may not see it."""
    try:
        return find_application(request.user, code, request.now, *joined)
    except Application.DoesNotExist as unseen:
        raise Http404 from unseen


def find_turns(request: PersonRequest, code: str) -> list[Turn]:
    """The turns of the round that the person handles; 404 when there are none."""
    of_round = get_object_or_404(turns.rounds(), code=code)
    handled = turns.handled_turns(of_round, standing_at(request.user, request.now))
    if not handled:
        raise Http404
    return handled


def find_turn(request: PersonRequest, code: str, stage: str, receiver: str) -> Turn:
    """The turn of the address; 404 when the person does not handle it."""
    return find_turn_among(find_turns(request, code), stage, receiver)


def find_turn_among(handled: list[Turn], stage: str, receiver: str) -> Turn:
    """The turn with the code of the stage and of the receiver; 404 when it is not among ``handled``."""
    turn = next((turn for turn in handled if (turn.stage.code, turn.receiver_code) == (stage, receiver)), None)
    if turn is None:
        raise Http404
    return turn


def turn_of_stage(application: Application, code: str) -> Turn:
    """The turn that handles the application in the stage with the code; 404 when there is no such stage."""
    return turns.turn_of(application, get_object_or_404(turns.stages(application.round), code=code))


def turn_of_person(application: Application, access: Access, stage: str = "") -> Turn:
    """The turn in which the person handles or assesses the application; ``stage`` is the code of a stage, or empty.

    Without a stage: for a secretariat, the newest turn that it handles; for an assessor, the first that waits for the
    assessment, else the newest that is assessed. 404 when the person neither handles nor assesses it in the stage.
    """
    if access.entries:
        entries = [entry for entry in access.entries if stage in {"", entry.stage.code}]
        if not entries and stage:
            raise Http404
        return Turn(application.round, entries[-1].stage, entries[-1].community)
    assigned = [item for item in turns.stages(application.round) if item.pk in access.assigned]
    given = [item for item in assigned if stage in {"", item.code}]
    if not given:
        raise Http404
    waiting = [item for item in given if item.pk in access.to_deliver]
    return turns.turn_of(application, waiting[0] if waiting else given[-1])


def must_declare(application: Application, access: Access) -> HttpResponse | None:
    """A redirect to the declaration of habilitet, for an assessor or an officer who must answer first; else None."""
    if access.must_declare:
        return redirect("assessment:habilitet", application.code)
    return None


def page_with_rank(rank: int | None) -> int:
    """The page of the board on which the rank is."""
    return ((rank or 1) - 1) // PER_PAGE + 1


def row_url(turn: Turn, code: str, rank: int | None) -> str:
    """The address of the row of one application on the board."""
    return f"{turn_url(turn, 'board')}?page={page_with_rank(rank)}#s-{code}"


def context_of(application: Application, **more: Any) -> dict[str, Any]:
    """The context that the pages of one application share."""
    return {
        "application": application,
        "round": application.round,
        "detail_url": reverse("assessment:detail", args=[application.code]),
        **more,
    }
