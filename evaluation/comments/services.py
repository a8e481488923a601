"""The acts on comments: a case is sent out, a comment is written, the date is moved, the round is closed (R138)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.actions.queries.owners import Owner
from evaluation.comments.models import Asked, Comment, CommentRound, RoundState
from evaluation.comments.queries import can_be_asked, last_comment, people_of
from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.meetings.services.locking import locked
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.mail import services as mail


class CommentError(DomainError):
    """The act is not possible with the case or the round as it is."""


class CommentConflictError(CommentError, ConflictError):
    """Somebody else was first."""


@act
def ask(case: Case, question: str, due_date: date, asked: Sequence[str], *, by: User, at: datetime) -> CommentRound:
    """Send the case to bodies and organisations (codes, as «body:12») for comments until the end of the day.

    Raises CommentError without a question or anybody asked, for a date that is past or not before the meeting, for a
    case about an application or a list, and when the meeting is set; CommentConflictError when it is out already.
    """
    meeting = locked(case.meeting_id)
    case = Case.objects.select_related("body__community", "body__region").get(pk=case.pk)
    if case.application_id or case.priority_list_id:
        raise CommentError(_("Saken hører til en utlysning og sendes ikke til innspill."))
    _require_planned(meeting)
    if CommentRound.objects.filter(case=case).exists():
        raise CommentConflictError(_("Saken er allerede sendt til innspill."))
    _require_due(due_date, meeting, at)
    codes = list(dict.fromkeys(asked))
    if not codes:
        raise CommentError(_("Velg minst én som skal gi innspill.")).about("asked")
    if not can_be_asked(case, codes, local_date(at)):
        raise CommentError(_("Velg blant organene og organisasjonene i listen.")).about("asked")
    of_round = CommentRound.objects.create(
        case=case, question=_text_of(question, "question"), due_date=due_date, opened_by=by, opened_at=at
    )
    for owner in map(Owner.of, codes):
        Asked.objects.create(round=of_round, **{f"{owner.kind}_id": owner.pk})
    _tell("comments.asked", of_round, by, at, case=case.reference, due=date_no(due_date))
    _write_to_asked(of_round, at)
    return of_round


def _write_to_asked(of_round: CommentRound, at: datetime, *, kind: str = "comments_asked", **more: Any) -> None:
    """Write to those asked: what is asked and by when (``is_moved``: they know of another date), or the ``kind``."""
    for asked in of_round.asked.select_related("body", "organisation"):
        for person in people_of(asked, local_date(at)):
            context = {"round": of_round, "case": of_round.case, "asked": asked, **more}
            mail.queue(
                kind,
                recipient=person.email,
                about=of_round,
                context={**context, "path": of_round.get_absolute_url()},
                at=at,
                key=f"{kind}:{asked.pk}:{person.pk}:{of_round.due_date}:{at.isoformat()}",
                language=person.language,
            )


@act
def write(asked: Asked, text: str, *, seen: int | None, by: User, at: datetime) -> Comment:
    """Write the comment of the one asked; ``seen`` is the last comment (id) that the page showed.

    Raises CommentError without a text, when the date is past, the round closed or the meeting set, and
    CommentConflictError when another has written for the same meanwhile.
    """
    of_round = _held_round(asked.round_id)
    if of_round.state_on(local_date(at)) != RoundState.OUT:
        raise CommentError(_("Fristen for innspill er ute."))
    text = _text_of(text, "sentence")
    last = last_comment(asked)
    if last and (last.text, last.written_by_id) == (text, by.pk):
        # The second of two presses.
        return last
    if last and last.pk != seen:
        words = {"name": last.written_by, "text": last.text}
        said = _("%(name)s har skrevet et innspill i mellomtiden: «%(text)s» Les det, og send på nytt hvis det trengs.")
        raise CommentConflictError(said % words)
    comment = Comment.objects.create(asked=asked, text=text, written_by=by, written_at=at)
    _tell("comments.written", of_round, by, at, case=of_round.case.reference, asked=asked.name)
    return comment


@act
def move_date(of_round: CommentRound, due_date: date, *, by: User, at: datetime) -> CommentRound:
    """Give another date, and tell those asked; CommentError as in ``ask``, or when the round is closed."""
    of_round = _held_round(of_round.pk)
    _require_due(due_date, of_round.case.meeting, at)
    if due_date != of_round.due_date:
        _write(of_round, due_date=due_date)
        _tell("comments.date_moved", of_round, by, at, case=of_round.case.reference, due=date_no(due_date))
        _write_to_asked(of_round, at, is_moved=True)
    return of_round


@act
def close(of_round: CommentRound, *, by: User, at: datetime) -> CommentRound:
    """The secretariat has taken the comments into the case; nobody writes more. CommentError when that is done."""
    of_round = _held_round(of_round.pk)
    _write(of_round, closed_by=by, closed_at=at)
    _tell("comments.closed", of_round, by, at, case=of_round.case.reference)
    return of_round


def meeting_cancelled(meeting: Meeting, why: str, at: datetime) -> int:
    """Tell those asked about a case of the meeting that it waits. A part of the act that cancels the meeting."""
    rows = list(CommentRound.objects.filter(case__meeting=meeting, closed_at=None).with_case().order_by("pk"))
    for of_round in rows:
        _write_to_asked(of_round, at, kind="comments_cancelled", why=why)
    return len(rows)


def taken_up(case: Case, again: Case, at: datetime) -> int:
    """The comments go with a case whose meeting was cancelled; those asked are told while they can write.

    A part of the act that takes the case up again. What a body has postponed keeps the comments that it was treated
    with. Returns how many rounds went with it.
    """
    rows = list(held(CommentRound.objects.filter(case=case))) if case.meeting.is_cancelled else []
    for of_round in rows:
        _write(of_round, case=again)
        if of_round.state_on(local_date(at)) == RoundState.OUT:
            _write_to_asked(of_round, at, kind="comments_taken_up")
    return len(rows)


# --- what the acts share ----------------------------------------------------------------------------------


def _held_round(pk: int) -> CommentRound:
    """The round as it is now, locked behind its meeting; CommentError when it is closed or the meeting is set."""
    meeting = locked(CommentRound.objects.values_list("case__meeting", flat=True).get(pk=pk))
    _require_planned(meeting)
    held(CommentRound.objects.filter(pk=pk)).get()
    of_round = CommentRound.objects.with_case().get(pk=pk)
    if of_round.closed_at:
        raise CommentConflictError(_("Innspillene er hentet inn."))
    return of_round


def _require_planned(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise CommentError(_("Møtet er avlyst. Saken tar ikke imot innspill nå."))
    if meeting.status != MeetingStatus.PLANNED:
        raise CommentError(_("Møtet er satt. Saken tar ikke imot innspill lenger."))


def _require_due(due_date: date, meeting: Meeting, at: datetime) -> None:
    if due_date < local_date(at):
        raise CommentError(_("Fristen kan ikke være en dag som er gått.")).about("due_date")
    if due_date >= local_date(meeting.starts_at):
        words = {"day": date_no(meeting.starts_at)}
        raise CommentError(_("Fristen må være før møtet %(day)s.") % words).about("due_date")


def _text_of(text: str, field: str) -> str:
    if not text.strip():
        raise CommentError(_("Skriv en tekst her.")).about(field)
    return text.strip()


def _write(of_round: CommentRound, **values: Any) -> None:
    for name, value in values.items():
        setattr(of_round, name, value)
    of_round.save(update_fields=list(values))


def _tell(act_name: str, of_round: CommentRound, by: User, at: datetime, **data: Any) -> None:
    journal.record(act_name, subject=of_round, by=by, at=at, community=of_round.case.body.tenant, **data)
