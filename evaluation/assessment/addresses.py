"""The addresses of the room's pages: those of a turn, and those of one application."""

from functools import cache

from django.urls import reverse

from applications.models import Application
from evaluation.assessment.turn import Turn
from rounds.models import Stage

PAGES = ("turn", "export", "distribute", "ranking", "board", "freeze", "list", "forward", "package")


def turn_url(turn: Turn, page: str, *more: object) -> str:
    """The address of one of the turn's pages."""
    return reverse(f"assessment:{page}", args=[turn.round.code, turn.stage.code, turn.place, *more])


def turn_pages(turn: Turn) -> dict[str, str]:
    """The addresses of the turn's pages, by name."""
    return {page: turn_url(turn, page) for page in PAGES}


def desk_url() -> str:
    """The assessor's desk."""
    return reverse("assessment:desk")


def detail_url(application: Application) -> str:
    """The application with its assessments."""
    return reverse("assessment:detail", args=[application.code])


@cache
def _pattern(page: str, parts: int) -> str:
    return reverse(f"assessment:{page}", args=["CODE", "STAGE"][:parts])


def address(page: str, code: str, stage: str = "") -> str:
    """The address of a page of an application, for lists: no look-up for each row."""
    return _pattern(page, 2 if stage else 1).replace("CODE", code).replace("STAGE", stage)


def score_url(application: Application, stage: Stage) -> str:
    """The scoring page."""
    return score_address(application.code, stage.code)


def score_address(code: str, stage: str) -> str:
    """The scoring page, by codes."""
    return reverse("assessment:score", args=[code, stage])
