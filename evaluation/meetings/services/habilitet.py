"""Habilitet in a case: raised by the person or the chair, decided by the body without that person (fvl. §§ 6, 8)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Attendance, Case
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.habilitet import has_been_asked, rows_of
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    locked_case,
    require_in_case,
    require_in_hand,
    require_not_over,
    tell,
)
from evaluation.meetings.services.stepping_aside import keep_times
from portal.acts import act, held
from portal.cells import Base
from portal.communities.models import User
from portal.communities.queries.vouching import brought_in_by
from portal.writing import require_unchanged

DECIDED = "habilitet.decided"


@act
def raise_question(
    case: Case, attendance: Attendance, *, ground: Ground, explanation: str, by: User, at: datetime
) -> Habilitet:
    """Say that a person on the roll may be inhabil in the case; the person is kept from its papers until decided.

    A person who raises the question about himself or herself, in the case of an application, also declares the tie
    there. A question that the secretariat has decided may be raised again, and the body decides it. Raises MeetingError
    when the case is settled, when the seat has ended, and when one who is out of the case speaks of another;
    MeetingConflictError when the question is raised, or the body has decided it.
    """
    case, seat = locked_case(case), attendance.seat
    if attendance.has_ended:
        raise MeetingError(_("%(name)s har ikke lenger plass i utvalget.") % {"name": seat.user})
    if by.pk != seat.user_id:
        require_in_case(by, case, _("melde fra om andres habilitet i den"))
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er ferdig behandlet.") % {"case": case.reference})
    question = _locked_question(case, seat.user_id)
    # In an allocation somebody may have been asked about in a case on the list since the body decided it.
    is_outdated = question.is_recused is False and roll_of(case.meeting, case).is_asked_in_part(seat)
    if question.is_pending or (question.body_id and not is_outdated):
        raise MeetingConflictError(_("Habiliteten til %(name)s er allerede meldt i saken.") % {"name": seat.user})
    if case.application and by.pk == seat.user_id and question.is_recused is None:
        question = declaring.declare(
            case.application, has_tie=True, ground=ground, explanation=explanation, by=by, at=at
        )
    else:
        question = declaring.raise_question(question, ground=ground, explanation=explanation, by=by, at=at)
    if by.pk != seat.user_id:
        declaring.tell_raised(question, **_about(case), by=by, at=at)
    tell("habilitet.raised", case.meeting, by=by, at=at, subject=case, seat=seat.pk, ground=str(ground))
    return question


@act
def answer_habil(case: Case, *, by: User, at: datetime) -> Habilitet:
    """The person answers that he or she is habil in the case of an application.

    With a strong tie the body decides it, as after every such answer. Raises MeetingError when the case is about no
    application or the meeting is over, and MeetingConflictError when the person has been asked before.
    """
    case = locked_case(case)
    require_not_over(case.meeting)
    if case.application is None:
        raise MeetingError(_("Saken gjelder ingen søknad. Meld fra om du kan være inhabil."))
    held(Application.objects.filter(pk=case.application.pk)).get()
    if has_been_asked(by, case):
        raise MeetingConflictError(_("Du har allerede svart, eller noen har meldt fra for deg."))
    row = declaring.declare(case.application, has_tie=False, by=by, at=at)
    tell("habilitet.answered", case.meeting, by=by, at=at, subject=case)
    return row


@act
def decide_question(
    case: Case, question: Habilitet, *, is_recused: bool, reason: str, base: Base | None = None, by: User, at: datetime
) -> Habilitet:
    """Record the body's decision on somebody's habilitet; for an application it also shuts the person out of it.

    The meeting must be open and on the case, or on the allocation of its list, which waits for the decision. A vote
    already cast in an open ballot is set aside when it closes. Raises MeetingConflictError when the question has been
    taken back, WrittenMeanwhileError when another has recorded a decision since the page of ``base`` was opened.
    """
    case = locked_case(case)
    _require_up(case)
    if question.person_id == by.pk:
        raise MeetingError(
            _("Ingen avgjør sin egen habilitet. La nestleder eller sekretariatet registrere avgjørelsen.")
        )
    if question.person_id in brought_in_by(by.pk):
        raise MeetingError(
            _(
                "Plassen din i sekretariatet er gitt av den det gjelder, og ingen kollega har bekreftet den. La "
                "nestleder eller en annen i sekretariatet registrere avgjørelsen."
            )
        )
    require_in_case(by, case, _("avgjøre andres habilitet i den"))
    question = _locked_question(case, question.person_id)
    if not question.is_pending and question.is_recused is None:
        raise MeetingConflictError(_("Spørsmålet er tatt tilbake."))
    typed = {"is_recused": is_recused, "reason": reason}
    stored = {name: getattr(question, name) for name in typed}
    changes = require_unchanged(stored, typed, base, told=(case, DECIDED), by=by)
    if not (changes or question.is_pending) and (question.decided_by, question.body) == (by, case.body):
        # The second of two presses; the person has been told.
        return question
    said = stored | changes
    ground = question.ground or question.decided_ground or Ground.OTHER
    declaring.decide_question(question, **said, ground=ground, by=by, at=at, body=case.body)
    if question.raised_by_id != question.person_id:
        declaring.tell_decided(question, **_about(case), by=by, at=at)
    keep_times(case.meeting, at)
    person, decided = question.person_id, question.is_recused
    tell(DECIDED, case.meeting, by=by, at=at, subject=case, person=person, is_recused=decided)
    return question


def _require_up(case: Case) -> None:
    """Raise unless the meeting is on the case, or on the allocation of the list that the case is on."""
    whole = case.meeting.current_case
    if whole:
        whole.meeting = case.meeting
    is_part = whole is not None and whole.is_allocation and whole.priority_list_id == case.priority_list_id
    require_in_hand(whole if whole and is_part and case.application_id else case)


@act
def withdraw_question(case: Case, question: Habilitet, *, reason: str, by: User, at: datetime) -> None:
    """Whoever raised a question about somebody else takes it back with a reason, until the body has decided it.

    The person is told by mail. The body decides what the person has said, and a question whose raiser does not take it
    back. Raises MeetingError without a reason, and for anybody else; MeetingConflictError when it is decided.
    """
    case = locked_case(case)
    require_in_case(by, case, _("avgjøre andres habilitet i den"))
    require_not_over(case.meeting)
    question = _locked_question(case, question.person_id)
    if not question.is_pending:
        raise MeetingConflictError(_("Habiliteten er allerede avgjort."))
    if question.raised_by_id == question.person_id:
        raise MeetingError(
            _("%(name)s har selv meldt fra. Utvalget må avgjøre habiliteten.") % {"name": question.person}
        )
    if question.raised_by_id != by.pk:
        raise MeetingError(_("Bare den som har reist spørsmålet, kan ta det tilbake."))
    if not reason.strip():
        raise MeetingError(_("Skriv hvorfor spørsmålet tas tilbake."))
    declaring.take_back(question, reason=reason, by=by, at=at)
    declaring.tell_taken_back(question, **_about(case), by=by, at=at)
    tell("habilitet.withdrawn", case.meeting, by=by, at=at, subject=case, person=question.person_id)


def _about(case: Case) -> dict[str, Any]:
    """What a mail about a question in the case calls it, and the row that the mail is about."""
    title = case.application.title if case.application else case.title
    return {"title": title, "about": case.application or case.meeting}


def _locked_question(case: Case, person_id: int) -> Habilitet:
    """The person's row in the case, locked until the act is done; a new, unsaved row when there is none."""
    if case.application_id:
        # Of a row that is not there, nothing can be held; who declares outside the meeting holds the application too.
        held(Application.objects.filter(pk=case.application_id)).get()
    row = held(rows_of(case).filter(person=person_id)).first()
    if row:
        return row
    if case.application_id:
        return Habilitet(application=case.application, person_id=person_id)
    return Habilitet(case_id=case.pk, person_id=person_id)
