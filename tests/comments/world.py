"""Cases of the house's SSU that are out for comments: the ways to where this room's tests start."""

from datetime import timedelta

from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.comments import services
from evaluation.comments.models import Asked, CommentRound
from tests.meetings import world as meetings

QUESTION = "Er kriteriene riktige for små kommuner?"


def code(row, kind=OwnerKind.ORGANISATION):
    """The code of one who can be asked."""
    return Owner(kind, row.pk).code


def case(home, now):
    """A case of its own of a planned meeting of the SSU."""
    return meetings.own_case(home, meetings.planned(home, now), now)


def out(home, now, days=4, asked=None, of_case=None):
    """A case that is out for comments: Senja kommune and the FSU are asked."""
    asked = asked or [code(home.partner), code(home.fsu, OwnerKind.BODY)]
    due = (now + timedelta(days=days)).date()
    of_round = services.ask(of_case or case(home, now), QUESTION, due, asked, by=home.secretary, at=now)
    return CommentRound.objects.get(pk=of_round.pk)


def asked_of(of_round, organisation):
    """The organisation as one of those asked."""
    return Asked.objects.get(round=of_round, organisation=organisation)


def written(home, of_round, now, text="Grensen på 500 000 kroner er for høy.", seen=None, by=None):
    """The comment of Senja kommune."""
    asked = asked_of(of_round, home.partner)
    return services.write(asked, text, seen=seen, by=by or home.co_applicant, at=now)
