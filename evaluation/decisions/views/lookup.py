"""The round, the letter and the decision that a page is about, as far as the person may see them."""

from django.shortcuts import get_object_or_404

from evaluation.decisions import queries
from evaluation.decisions.models import Decision, Letter
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.requests import PersonRequest
from rounds.models import Round


def standing_of(request: PersonRequest) -> Standing:
    """What the person is at the time of the request."""
    return standing_at(request.user, request.now)


def this_round(request: PersonRequest, code: str) -> Round:
    """The round, for those whose secretariat takes part in it."""
    return get_object_or_404(queries.rounds_handled_by(standing_of(request)), code=code)


def this_letter(request: PersonRequest, number: str) -> Letter:
    """The letter, for those it was sent to and those who handle it."""
    standing = standing_of(request)
    letter: Letter = get_object_or_404(queries.letter(standing, number))
    letter.decision.application.read_for(standing)
    return letter


def this_decision(request: PersonRequest, pk: int) -> Decision:
    """The decision in force, for those who handle it."""
    return get_object_or_404(queries.decisions_handled_by(standing_of(request)), pk=pk)
