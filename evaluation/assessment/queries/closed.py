"""Which cases are closed to a person who reads: by habilitet, by an answer that is not given, or by own scores to give.

Who must answer about habilitet first (``queries.must_answer``) reads no more than who is inhabil: the portal knows of
the tie, and nobody has decided on it. Acts and tasks ask for the three reasons one by one, since each has a way out of
its own; what is read asks here.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Q, Value

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.habilitet import barred, out_of_case, undelivered
from evaluation.assessment.queries.must_answer import ids_to_answer, must_answer
from evaluation.assessment.queries.ties import applications_with_tie, under_frame
from evaluation.assessment.turn import Turn
from portal.communities.standing import Standing
from rounds.models import Round

# So many applications are named by their ids: a list then reads no other than its own.
MOST_BY_ID = 500


def out_or_must_answer(standing: Standing, application: str = "pk") -> Q:
    """A condition: the person is out of the application, by the name of its field, or must answer first.

    The one rule of which cases are closed to a person for habilitet: lists, files, log, meetings and minutes ask it.
    """
    return out_of_case(standing.user_id, application) | must_answer(standing, application)


def closed_to(standing: Standing, application: str = "pk") -> Q:
    """A condition: the application is closed to the person: ``barred``, or the person must answer first."""
    return barred(standing.user_id, application) | must_answer(standing, application)


@dataclass(frozen=True, slots=True)
class WhyClosed:
    """What closes cases to a person, as ids of applications: ``out`` is a part of ``barred``.

    ``to_answer`` is None when there are so many that they are asked about by the condition.
    """

    barred: frozenset[int]
    out: frozenset[int]
    to_answer: frozenset[int] | None


def why_closed(standing: Standing) -> WhyClosed:
    """What closes cases to the person, for a page that asks several of the questions below; one query, or two."""
    out = Habilitet.objects.out_of_case().filter(person=standing.user_id, application__isnull=False)
    waiting = undelivered(standing.user_id).values_list("application_id", Value("undelivered"))
    tied = [rows.annotate(why=Value("tied")) for rows in applications_with_tie(standing)]
    rows = set(out.order_by().values_list("application_id", Value("out")).union(waiting.order_by(), *tied))
    has_tie = any(pk for pk, why in rows if why == "tied")
    return WhyClosed(
        frozenset(pk for pk, why in rows if why in {"out", "undelivered"}),
        frozenset(pk for pk, why in rows if why == "out"),
        ids_to_answer(standing, MOST_BY_ID) if has_tie else frozenset(),
    )


def is_out_under_frame(of_round: Round, standing: Standing, why: WhyClosed | None = None) -> bool:
    """Whether an application that competes for the round's frame is closed to the person for habilitet.

    Then the person is told no sum under the frame, nor whether it is passed: with the other amounts it would tell what
    that application gets. A draft gets nothing yet. Nearly everybody is out of no application and has no tie to one,
    and then the applications are not asked: one query, else three at most.
    """
    why, sent = why or why_closed(standing), under_frame(of_round).exclude(status=Status.DRAFT)
    if why.to_answer is None:
        return sent.filter(out_or_must_answer(standing)).exists()
    ids = why.out | why.to_answer
    return bool(ids) and sent.filter(pk__in=ids).exists()


def turn_for(turn: Turn, standing: Standing, why: WhyClosed | None = None) -> Turn:
    """The turn as the person may see it: without the frame when others' grants under it tell of a closed application.

    One query beside the turn's own, when other rounds have granted of the frame.
    """
    hides = bool(turn.spent) and is_out_under_frame(turn.round, standing, why)
    return replace(turn, hides_frame=True) if hides else turn


@dataclass(frozen=True, slots=True)
class ClosedCases:
    """Conditions on rows with an application; one is None when it is known to fit no application."""

    # Closed to the person for any reason: ``closed_to``.
    barred: Q | None
    # For habilitet: ``out_or_must_answer``, which is one of the two below.
    out_of_case: Q | None
    # Inhabil, or others must decide it.
    out: Q | None = None
    # The person must answer first.
    to_answer: Q | None = None


def closed_cases(standing: Standing, why: WhyClosed | None = None) -> ClosedCases:
    """The conditions, for pages that use them in several queries; one query, one more for those who have a tie.

    Nearly everybody is inhabil in no application and has no tie to one, and then there are no conditions.
    """
    why = why or why_closed(standing)
    first = must_answer(standing, "application") if why.to_answer is None else None
    ids = why.to_answer or frozenset()
    return ClosedCases(
        _any_of(why.barred | ids, first), _any_of(why.out | ids, first), _any_of(why.out, None), _any_of(ids, first)
    )


def closed_ids(standing: Standing, of: Q, why: WhyClosed | None = None) -> set[int]:
    """The ids of the applications that fit the condition ``of`` and are closed to the person; three queries at most."""
    why = why or why_closed(standing)
    closed = Q(pk__in=why.barred | (why.to_answer or frozenset()))
    if why.to_answer is None:
        closed |= must_answer(standing)
    elif not (why.barred or why.to_answer):
        return set()
    return set(Application.objects.filter(of).filter(closed).values_list("pk", flat=True))


def _any_of(ids: Collection[int], first: Q | None) -> Q | None:
    listed = Q(application__in=ids) if ids else None
    return listed | first if listed and first else listed or first
