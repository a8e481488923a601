"""What every page of one application does first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from applications.models import Application
from evaluation.assessment import permissions
from evaluation.assessment.habilitet import State
from evaluation.assessment.permissions import Access
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.ranking import PER_PAGE
from evaluation.assessment.queries.turns import Turn
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


def turn_in(application: Application, mine: Access) -> Turn:
    """The turn that concerns the person: the one given to assess, the region's for the region, else the first."""
    found = turns.stages(application.round)
    if mine.assigned and not mine.is_office:
        stage = next(stage for stage in found if stage.pk in mine.assigned)
    elif mine.handles:
        stage = found[0]
    else:
        stage = turns.current_stage(application, found)
    return turns.turn_of(application, stage)


def must_declare(application: Application, mine: Access) -> HttpResponse | None:
    """An assessor who has not answered goes to the declaration; the papers open afterwards."""
    if mine.assigned and mine.state == State.UNDECLARED:
        return redirect("assessment:habilitet", application.code)
    return None


def row_url(turn: Turn, code: str, rank: int | None) -> str:
    """The board, on the page and at the row of one application."""
    page = ((rank or 1) - 1) // PER_PAGE + 1
    return f"{turn.url('board')}?page={page}#s-{code}"


def context_of(application: Application, **more: Any) -> dict[str, Any]:
    """What the pages of one application share."""
    return {
        "application": application,
        "round": application.round,
        "detail_url": reverse("assessment:detail", args=[application.code]),
        **more,
    }
