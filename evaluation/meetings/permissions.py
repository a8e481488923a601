"""Who may do what in a meeting: one predicate for each act, in the order of the process.

A predicate looks at who the person is. The services check that the meeting has come so far
that the act is possible.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.assessment.models import Habilitet, PriorityList
from evaluation.assessment.permissions import has_answered_all
from evaluation.assessment.queries.board import on_list
from evaluation.assessment.queries.must_answer import titles_to_answer
from evaluation.meetings.models import Attendance, Case, Meeting, MeetingStatus, Minutes
from evaluation.meetings.queries.habilitet import is_out_of_list, line_of, why_not_whole, why_out
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.permissions import Refused, Verdict, Way, allow_if, first_refusal


def can_plan(user: User, body: Body, *, now: datetime) -> Verdict:
    """Plan meetings of the body, put cases on them and call them."""
    return allow_if(
        standing_at(user, now).is_secretariat_of(body), _("Bare sekretariatet kan planlegge møter og sette opp saker.")
    )


def is_not_over(meeting: Meeting) -> Verdict:
    """Whether the meeting can still treat its cases: until it is closed or cancelled."""
    closed = allow_if(not meeting.is_over, _("Møtet er hevet. Sakene kan ikke endres."), is_past=True)
    return first_refusal(is_not_cancelled(meeting), is_not_adopted(meeting), closed)


def is_not_cancelled(meeting: Meeting) -> Verdict:
    """Whether the meeting is held, or is to be."""
    return allow_if(not meeting.is_cancelled, _("Møtet er avlyst."), is_past=True)


def can_cancel(user: User, meeting: Meeting, *, now: datetime) -> Verdict:
    """Cancel the meeting: who plans it, until it is set. Nobody need be in every case: all of them wait as they are."""
    planned = allow_if(meeting.status == MeetingStatus.PLANNED, _("Møtet er satt og kan ikke avlyses."), is_past=True)
    return first_refusal(can_plan(user, meeting.body, now=now), is_not_cancelled(meeting), planned)


def is_not_adopted(meeting: Meeting) -> Verdict:
    """Whether what the minutes tell can still be put right: until they are adopted."""
    is_open = meeting.status != MeetingStatus.ADOPTED
    return allow_if(is_open, _("Protokollen er godkjent og kan ikke endres."), is_past=True)


def can_put_up(user: User, body: Body, priority_list: PriorityList, *, now: datetime) -> Verdict:
    """Put the cases of a list on an agenda of the body: the papers of all of them are written by it."""
    sentence = _(
        "Du er inhabil i en sak på listen, eller det er ikke avgjort om du er det. "
        "En annen i sekretariatet må sette listen på sakslisten."
    )
    inside = allow_if(not is_out_of_list(user.pk, priority_list), sentence)
    titles = titles_to_answer(standing_at(user, now), on_list(priority_list))
    return first_refusal(can_plan(user, body, now=now), inside, has_answered_all(titles))


def can_take_up_again(user: User, case: Case, *, now: datetime) -> Verdict:
    """Put a postponed case on another agenda of its body, with the paper it had."""
    inside = _may_act(user, case, _("ta den opp igjen"), now)
    return first_refusal(can_plan(user, case.body, now=now), inside, _sees_whole(user, case, now))


def can_move_case(user: User, case: Case, *, now: datetime) -> Verdict:
    """Move a case on the agenda of its meeting."""
    return first_refusal(can_plan(user, case.body, now=now), _may_act(user, case, _("flytte den"), now))


def can_take_off(user: User, case: Case, *, now: datetime) -> Verdict:
    """Take a case off the agenda of a meeting that is not set, and with a case of a list all of that list."""
    set_already = _("Møtet er satt. Da utsettes saken i møtet i stedet.")
    planned = allow_if(case.meeting.status == MeetingStatus.PLANNED, set_already, is_past=True)
    inside = can_move_case(user, case, now=now)
    whole = can_put_up(user, case.body, case.priority_list, now=now) if case.priority_list else inside
    return first_refusal(inside, _sees_whole(user, case, now), is_not_cancelled(case.meeting), planned, whole)


def can_lead(user: User, meeting: Meeting, *, now: datetime) -> Verdict:
    """Open the meeting, keep the attendance, move on and close."""
    standing = standing_at(user, now)
    leads = meeting.body_id in standing.chaired_body_ids or standing.is_secretariat_of(meeting.body)
    return allow_if(leads, _("Bare møteleder og sekretariatet styrer møtet."))


def can_lead_case(user: User, case: Case, *, now: datetime) -> Verdict:
    """Lead one case: habilitet, ballot, resolution. An inhabil person leads nothing, nor the allocation of its list."""
    inside = _may_act(user, case, _("lede behandlingen av den"), now)
    return first_refusal(can_lead(user, case.meeting, now=now), inside, _sees_whole(user, case, now))


def can_ask_discussion(user: User, case: Case, *, now: datetime) -> Verdict:
    """Ask that the case is discussed, or take that back: those on the roll who are not out of the case."""
    sentence = _("Bare de som har plass i utvalget, kan be om at en sak drøftes.")
    on_roll = allow_if(line_of(case.meeting, user) is not None, sentence)
    return first_refusal(on_roll, _may_act(user, case, _("be om at den drøftes"), now))


def can_write_paper(user: User, case: Case, *, now: datetime) -> Verdict:
    """Write the case paper: the secretariat; of an allocation somebody to whom no application on the list is closed."""
    inside = _may_act(user, case, _("skrive saksframlegget"), now)
    return first_refusal(can_plan(user, case.body, now=now), inside, _sees_whole(user, case, now))


def can_take_out(user: User, case: Case, *, now: datetime) -> Verdict:
    """Take an attachment out of a case: who writes its paper, until the members have been called, who may read it."""
    sent = _("Innkallingen er sendt. Da kan ikke vedlegg fjernes, bare legges til.")
    uncalled = allow_if(not case.meeting.is_called, sent, is_past=True)
    return first_refusal(can_write_paper(user, case, now=now), uncalled)


def can_read_papers(user: User, case: Case, *, now: datetime) -> Verdict:
    """Read the case paper and the application: members once called, never those who are inhabil.

    Nor those who must answer about habilitet before they act in the case.
    """
    meeting = case.meeting
    called = allow_if(
        meeting.is_called or can_lead(user, meeting, now=now),
        _("Sakspapirene blir tilgjengelige når møtet er kalt inn."),
        first=Way(reverse("meetings:list"), _("Se møtene")),
    )
    return first_refusal(called, _may_act(user, case, _("lese sakspapirene"), now))


def can_attend_as(user: User, attendance: Attendance, *, now: datetime) -> Verdict:
    """Report a person in, out or absent: the person, and those who lead the meeting.

    Who is there decides who votes. So one who is out of the case in hand reports nobody else while it is treated.
    """
    if _sits_in(user, attendance):
        return allow_if(True, "")
    return can_attend_for_all(user, attendance.meeting, now=now)


def can_attend_for_all(user: User, meeting: Meeting, *, now: datetime) -> Verdict:
    """Report others in: those who lead the meeting, and are not out of the case in hand."""
    leads = allow_if(can_lead(user, meeting, now=now), _("Du kan bare melde deg selv."))
    case = meeting.current_case
    if case is None or case.is_settled:
        return leads
    return first_refusal(leads, _may_act(user, case, _("melde andre enn deg selv mens den behandles"), now))


def can_raise(user: User, case: Case, attendance: Attendance, *, now: datetime) -> Verdict:
    """Raise the habilitet of a person in a case: the person, and those who lead the meeting and are in the case."""
    if _sits_in(user, attendance):
        return allow_if(True, "")
    leads = allow_if(can_lead(user, case.meeting, now=now), _("Du kan bare melde fra om din egen habilitet."))
    return first_refusal(leads, _may_act(user, case, _("melde fra om andres habilitet i den"), now))


def can_answer(user: User, case: Case, *, now: datetime) -> Verdict:
    """Answer that one is habil in the case: those on the roll, and those who lead the meeting."""
    return allow_if(True, "") if line_of(case.meeting, user) else can_lead(user, case.meeting, now=now)


def can_take_back_question(user: User, case: Case, question: Habilitet, *, now: datetime) -> Verdict:
    """Take back a question of somebody else's habilitet: who raised it, until the body has decided it.

    Also when the case is postponed: the allocation of its list waits for the decision.
    """
    only = _("Bare den som har reist spørsmålet, kan ta det tilbake.")
    return first_refusal(
        can_decide_habilitet(user, case, question, now=now),
        allow_if(question.raised_by_id == user.pk, only),
        allow_if(question.is_pending, _("Spørsmålet er allerede avgjort, eller tatt tilbake."), is_past=True),
    )


def can_decide_habilitet(user: User, case: Case, question: Habilitet, *, now: datetime) -> Verdict:
    """Record what the body decided about somebody else's habilitet."""
    others = allow_if(question.person_id != user.pk, _("Du kan ikke avgjøre din egen habilitet."))
    inside = _may_act(user, case, _("avgjøre andres habilitet i den"), now)
    return first_refusal(can_lead(user, case.meeting, now=now), others, inside)


def can_adopt_minutes(user: User, minutes: Minutes, *, now: datetime) -> Verdict:
    """Adopt the minutes, which changes no word of them."""
    return can_lead(user, minutes.meeting, now=now)


def can_write_remarks(user: User, minutes: Minutes, closed: Collection[int], *, now: datetime) -> Verdict:
    """Write remarks in the minutes: somebody to whom no case in them is ``closed``, since the words may name it."""
    return first_refusal(can_lead(user, minutes.meeting, now=now), _reads_whole(closed))


def can_tell_remark(user: User, minutes: Minutes) -> Verdict:
    """Write a remark on the draft of the minutes: those on the roll."""
    sentence = _("Bare de som har plass i utvalget, kan skrive merknader til protokollen.")
    return allow_if(line_of(minutes.meeting, user) is not None, sentence)


def can_read_whole_minutes(closed: Collection[int]) -> Verdict:
    """Read the minutes as one document: somebody to whom no case in them is ``closed``."""
    return _reads_whole(closed)


def _reads_whole(closed: Collection[int]) -> Verdict:
    return allow_if(not closed, _("Protokollen har en sak som er stengt for deg til brevet til søkerne er sendt."))


def _sits_in(user: User, attendance: Attendance) -> bool:
    return attendance.seat.user_id == user.pk


def _sees_whole(user: User, case: Case, now: datetime) -> Verdict:
    reason = why_not_whole(standing_at(user, now), case)
    return Refused(reason) if reason else allow_if(True, "")


def _not_recused(user: User, case: Case, what: str) -> Verdict:
    reason = why_out(user.pk, case, what)
    return Refused(reason) if reason else allow_if(True, "")


def _may_act(user: User, case: Case, what: str, now: datetime) -> Verdict:
    """Do something in the case: not somebody inhabil, nor who takes part in the application and has not answered.

    Who is to answer, and whatever the tie, is the same as in the assessment (``queries.must_answer``).
    """
    inside = _not_recused(user, case, what)
    if not inside or not (case.application_id or case.priority_list):
        return inside
    about = Q(pk=case.application_id) if case.application_id else on_list(case.priority_list)
    return has_answered_all(titles_to_answer(standing_at(user, now), about))
