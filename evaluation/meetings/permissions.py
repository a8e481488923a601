"""Who may do what in a meeting: one predicate for each act, in the order of the process.

A predicate looks at who the person is. The services check that the meeting has come so far
that the act is possible.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Attendance, Case, Meeting, Minutes
from evaluation.meetings.queries.habilitet import state_of
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.permissions import Refused, Verdict, allow_if, first_refusal


def can_plan(user: User, body: Body, *, now: datetime) -> Verdict:
    """Plan meetings of the body, put cases on them and call them."""
    return allow_if(
        standing_at(user, now).is_secretariat_of(body), _("Bare sekretariatet kan planlegge møter og sette opp saker.")
    )


def can_lead(user: User, meeting: Meeting, *, now: datetime) -> Verdict:
    """Open the meeting, keep the attendance, move on and close."""
    standing = standing_at(user, now)
    leads = meeting.body_id in standing.chaired_body_ids or standing.is_secretariat_of(meeting.body)
    return allow_if(leads, _("Bare møteleder og sekretariatet styrer møtet."))


def can_lead_case(user: User, case: Case, *, now: datetime) -> Verdict:
    """Lead one case: habilitet, ballot, resolution. An inhabil person leads nothing."""
    return first_refusal(can_lead(user, case.meeting, now=now), _not_recused(user, case, _("lede behandlingen av den")))


def can_read_papers(user: User, case: Case, *, now: datetime) -> Verdict:
    """Read the case paper and the application: members once called, never those who are inhabil."""
    meeting = case.meeting
    called = allow_if(
        meeting.is_called or can_lead(user, meeting, now=now),
        _("Sakspapirene blir tilgjengelige når møtet er kalt inn."),
    )
    return first_refusal(called, _not_recused(user, case, _("lese sakspapirene")))


def can_attend_as(user: User, attendance: Attendance, *, now: datetime) -> Verdict:
    """Report a person in, out or absent: the person, and those who lead the meeting."""
    return allow_if(
        _sits_in(user, attendance) or can_lead(user, attendance.meeting, now=now), _("Du kan bare melde deg selv.")
    )


def can_declare(user: User, attendance: Attendance, *, now: datetime) -> Verdict:
    """Raise the habilitet of a person in a case: the person, and those who lead the meeting."""
    return allow_if(
        _sits_in(user, attendance) or can_lead(user, attendance.meeting, now=now),
        _("Du kan bare melde fra om din egen habilitet."),
    )


def can_decide_habilitet(user: User, case: Case, question: Habilitet, *, now: datetime) -> Verdict:
    """Record what the body decided about somebody else's habilitet, or take the question back."""
    others = allow_if(question.person_id != user.pk, _("Du kan ikke avgjøre din egen habilitet."))
    return first_refusal(can_lead(user, case.meeting, now=now), others)


def can_adopt_minutes(user: User, minutes: Minutes, *, now: datetime) -> Verdict:
    """Edit the minutes and adopt them."""
    return can_lead(user, minutes.meeting, now=now)


def _sits_in(user: User, attendance: Attendance) -> bool:
    return attendance.seat.user_id == user.pk


def _not_recused(user: User, case: Case, what: str) -> Verdict:
    sentences = {
        State.RECUSED: _("Du er inhabil i sak %(case)s og kan ikke %(what)s."),
        State.PENDING: _(
            "Utvalget har ikke avgjort om du er inhabil i sak %(case)s. Før det er avgjort, kan du ikke %(what)s."
        ),
    }
    sentence = sentences.get(state_of(user.pk, case))
    return Refused(sentence % {"case": case.reference, "what": what}) if sentence else allow_if(True, "")
