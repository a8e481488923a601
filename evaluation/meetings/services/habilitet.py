"""Habilitet in a case: raised by the person or the chair, decided by the body without that person (fvl. §§ 6, 8)."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Declaration, Recusal
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Attendance, Case, CaseRecusal, CaseStatus
from evaluation.meetings.services.turns import (
    MeetingConflictError,
    MeetingError,
    locked_case,
    require_in_hand,
    require_not_over,
    tell,
)
from portal.acts import act
from portal.communities.models import User


def gather_questions(case: Case) -> None:
    """Bring to the case what is known about the habilitet of those on the roll, when the case comes up.

    What was decided before the meeting is entered as decided; what was declared and not decided waits for the body.
    """
    if not case.application_id or case.is_settled:
        return
    lines = case.meeting.attendances.exclude(seat__in=case.recusals.values("seat")).select_related("seat")
    seats = {line.seat.user_id: line.seat for line in lines}
    decided = {row.person_id: row for row in Recusal.objects.filter(application=case.application_id, person__in=seats)}
    pending = Declaration.objects.filter(application=case.application_id, person__in=seats, needs_decision=True)
    rows = [
        CaseRecusal(
            case=case,
            seat=seats[row.person_id],
            ground=row.ground or Ground.OTHER,
            raised_by=row.decided_by,
            raised_at=row.decided_at,
            is_recused=row.is_recused,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )
        for row in decided.values()
    ]
    rows += [
        CaseRecusal(
            case=case,
            seat=seats[row.person_id],
            ground=row.ground or Ground.OTHER,
            explanation=row.explanation,
            raised_by=row.person,
            raised_at=row.declared_at,
        )
        for row in pending.select_related("person")
        if row.person_id not in decided
    ]
    CaseRecusal.objects.bulk_create(rows, ignore_conflicts=True)


@act
def raise_question(
    case: Case, attendance: Attendance, *, ground: Ground, explanation: str, by: User, at: datetime
) -> CaseRecusal:
    """Say that a person on the roll may be inhabil in the case; the person is kept from its papers until decided.

    A person who raises the own habilitet of an application also declares it there. Raises MeetingError when the
    case is settled, or the question has been raised.
    """
    case = locked_case(case)
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er ferdig behandlet.") % {"case": case.reference})
    seat = attendance.seat
    question, is_new = CaseRecusal.objects.get_or_create(
        case=case,
        seat=seat,
        defaults={"ground": ground, "explanation": explanation, "raised_by": by, "raised_at": at},
    )
    if not is_new:
        raise MeetingConflictError(_("Habiliteten til %(name)s er allerede meldt i saken.") % {"name": seat.user})
    if case.application and by.pk == seat.user_id:
        _declare(case.application, ground, explanation, by=by, at=at)
    tell("habilitet.raised", case.meeting, by=by, at=at, subject=case, seat=seat.pk, ground=str(ground))
    return question


def _declare(application: Application, ground: Ground, explanation: str, *, by: User, at: datetime) -> None:
    try:
        declaring.declare(application, has_tie=True, ground=ground, explanation=explanation, by=by, at=at)
    except declaring.AlreadyDecidedError:
        # Decided before the meeting on what was known then; the body decides again on what is raised now.
        return


@act
def decide_question(question: CaseRecusal, *, is_recused: bool, reason: str, by: User, at: datetime) -> CaseRecusal:
    """Record the body's decision on somebody's habilitet; for an application it also shuts the person out of it.

    The meeting must be open and on the case. A vote already cast in an open ballot is set aside when it closes.
    """
    case = locked_case(question.case)
    require_in_hand(case)
    if question.seat.user_id == by.pk:
        raise MeetingError(
            _("Ingen avgjør sin egen habilitet. La nestleder eller sekretariatet registrere avgjørelsen.")
        )
    question.is_recused, question.reason = is_recused, reason
    question.decided_by, question.decided_at = by, at
    question.save(update_fields=["is_recused", "reason", "decided_by", "decided_at"])
    if case.application:
        declaring.decide(
            case.application,
            question.seat.user,
            is_recused=is_recused,
            ground=question.ground,
            reason=reason,
            body=case.body,
            by=by,
            at=at,
        )
    tell("habilitet.decided", case.meeting, by=by, at=at, subject=case, seat=question.seat_id, is_recused=is_recused)
    return question


@act
def withdraw_question(question: CaseRecusal, *, by: User, at: datetime) -> None:
    """Take back a question that was raised by mistake about somebody else, and that the body has not decided.

    What a person has said of the own habilitet, here or before the meeting, nobody waves aside: the body decides it.
    """
    case = locked_case(question.case)
    require_not_over(case.meeting)
    if question.is_recused is None and _is_own_word(question):
        raise MeetingError(
            _("%(name)s har selv meldt fra. Utvalget må avgjøre habiliteten.") % {"name": question.seat.user}
        )
    gone, _rows = CaseRecusal.objects.filter(pk=question.pk, is_recused=None).delete()
    if not gone or case.status != CaseStatus.PREPARED:
        raise MeetingConflictError(_("Habiliteten er allerede avgjort."))
    tell("habilitet.withdrawn", case.meeting, by=by, at=at, subject=case, seat=question.seat_id)


def _is_own_word(question: CaseRecusal) -> bool:
    """Whether the person has raised it, or has declared a tie to the case's application that nobody has decided."""
    person = question.seat.user_id
    declared = Declaration.objects.filter(application=question.case.application_id, person=person, needs_decision=True)
    decided = Recusal.objects.filter(application=question.case.application_id, person=person)
    return question.raised_by_id == person or (declared.exists() and not decided.exists())
