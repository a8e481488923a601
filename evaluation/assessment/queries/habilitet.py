"""People's habilitet in applications: what is answered and decided, and which cases are closed to a person.

Two words are kept apart. A person is out of a case (``out_of_case``) who is inhabil, or waits for a decision on it. A
case is closed to a person (``barred``) who is out of it, or is to assess it and has not delivered, until the list is
locked. What a person reads asks ``queries.closed``, which adds those who must answer first."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from applications.models import Application
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assignment, Habilitet, HabilitetStep
from evaluation.assessment.queries.desk import IS_IN_WORK
from portal.ui import Event


def row_of(user_id: int | None, application: Application) -> Habilitet | None:
    """The row of the person in the application; None when nothing was asked or answered. One query."""
    return Habilitet.objects.filter(person=user_id, application=application).first()


def state_of(user_id: int | None, application: Application) -> State:
    """The state of the person in the case, by what was answered and decided; one query."""
    row = Habilitet.objects.filter(person=user_id, application=application)
    is_recused, is_pending = row.values_list("is_recused", "is_pending").first() or (None, None)
    return habilitet.state(is_pending=is_pending, is_recused=is_recused)


def is_recused(user: Any, application: Application) -> bool:
    """Whether it is decided that the person is inhabil; for every room that gives people access to a case."""
    return Habilitet.objects.inhabil().filter(person=user.pk, application=application).exists()


def history_of(person: int, application: Application) -> list[Event]:
    """All that was said and decided about the person (id) in the application, the oldest first; one query."""
    steps = HabilitetStep.objects.filter(person=person, application=application).select_related("by", "body")
    return [Event(at=step.at, text=step.sentence, by=str(step.body or step.by), detail=step.words) for step in steps]


def question_before(row: Habilitet) -> HabilitetStep | None:
    """The question that the latest decision answered; None when nobody had asked, or it was taken back by then."""
    steps = HabilitetStep.objects.filter(person=row.person, application=row.application, case_id=row.case_id)
    question = answered = None
    for step in steps.select_related("by"):
        if step.kind == HabilitetStep.Kind.DECIDED:
            answered = question
        elif step.asks or step.kind == HabilitetStep.Kind.TAKEN_BACK:
            question = step if step.asks else None
    return answered


# --- closed cases ---------------------------------------------------------------------------------------


def out_of_case(user_id: int | None, application: str = "pk") -> Q:
    """A condition: the person is inhabil in the application, or waits for a decision on it.

    ``application`` is the name of the field that holds the id of the application.
    """
    return Q(Exists(Habilitet.objects.out_of_case().filter(person=user_id, application=OuterRef(application))))


def out_of_case_since(person: int | OuterRef | None, application: int | OuterRef) -> Subquery:
    """Since when the person has been out of the application, by when it was first raised or decided; else null."""
    # On SQLite the least of a time and nothing is nothing, so each stands in for the other.
    first = Least(Coalesce("raised_at", "decided_at"), Coalesce("decided_at", "raised_at"))
    rows = Habilitet.objects.out_of_case().filter(person=person, application=application).order_by()
    return Subquery(rows.annotate(since=first).values("since")[:1])


def barred(user_id: int | None, application: str = "pk") -> Q:
    """A condition: the application, by the name of its field, is closed to the person.

    It is when the person is ``out_of_case``, or has an assessment of it still to deliver: the scores of others would
    influence the person's scores.
    """
    waiting = undelivered(user_id).filter(application=OuterRef(application))
    return out_of_case(user_id, application) | Q(Exists(waiting))


def undelivered(user_id: int | None) -> QuerySet[Assignment]:
    """The assignments in which the person still is to deliver the assessment.

    Once the list of the stage is locked, or the application is withdrawn, nobody delivers there any more.
    """
    return Assignment.objects.filter(IS_IN_WORK, assessor=user_id, delivered_at=None)


def stage_to_deliver(user_id: int | None, application: Application) -> str:
    """The code of the stage in which the person still is to deliver the assessment; empty when there is none."""
    codes = undelivered(user_id).filter(application=application).order_by().values_list("stage__code", flat=True)
    return codes.first() or ""
