"""The acts on raised cases: raised, taken back, put up in a meeting, sent on to another body, answered (R134)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.actions.queries.owners import Owner
from evaluation.meetings.models import Case, CaseKind, Meeting
from evaluation.meetings.services import planning
from evaluation.meetings.services.locking import locked_with_body
from evaluation.raised.models import RaisedCase, SentOn
from evaluation.raised.queries import bodies_to_ask, meetings_to_put_up_in, other_bodies, senders_to
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.communities.queries.belonging import NOWHERE, places_by_address
from portal.errors import ConflictError, DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.mail import services as mail

TEXTS = ("title", "background", "wish")


class RaisedError(DomainError):
    """The act is not possible with the raised case as it is."""


class RaisedConflictError(RaisedError, ConflictError):
    """Somebody else was first."""


@act
def raise_case(
    body: Body, sender: Owner, kind: CaseKind, texts: Mapping[str, str], *, by: User, at: datetime
) -> RaisedCase:
    """Raise a case with the body for the sender; ``texts`` are named as in ``TEXTS``. A second press gives the same.

    Raises RaisedError when a text is empty, the body has ended, or ``by`` may not raise a case with it for the sender.
    """
    # The body's row is held: it does not end meanwhile.
    body = held(Body.objects.filter(pk=body.pk)).select_related("community", "region").get()
    standing = standing_at(by, at)
    if not bodies_to_ask(standing).filter(pk=body.pk).exists():
        raise RaisedError(_("Velg et organ som tar imot saker fra dere.")).about("body")
    if sender not in [one for one, _name in senders_to(body, standing, local_date(at))]:
        said = _("Velg hvem dere melder inn saken for. De må høre til i samme helsefellesskap som organet.")
        raise RaisedError(said).about("sender")
    written = {name: _text_of(texts[name], name) for name in TEXTS}
    asked = {"body": body, "kind": kind, **written, f"from_{sender.kind}_id": sender.pk, "raised_by": by}
    if same := RaisedCase.objects.waiting().filter(**asked).first():
        return same
    raised = RaisedCase.objects.create(**asked, raised_at=at)
    _tell("raised.raised", raised, by, at, body=body.name)
    return raised


def _text_of(text: str, field: str) -> str:
    if not text.strip():
        raise RaisedError(_("Skriv en tekst her.")).about(field)
    return text.strip()


@act
def take_back(raised: RaisedCase, *, by: User, at: datetime) -> RaisedCase:
    """They who raised it take it back."""
    raised = _held_waiting(raised)
    _settle(raised, "", by, at)
    _tell("raised.taken_back", raised, by, at)
    return raised


@act
def put_up(raised: RaisedCase, meeting: Meeting, *, by: User, at: datetime) -> Case:
    """Make it a case of the meeting; its texts are the beginning of the paper, and those who raised it are told.

    Raises RaisedError when the meeting is no planned one of the body, RaisedConflictError when it waits no longer.
    """
    meeting = locked_with_body(meeting)
    raised = _held_waiting(raised)
    if not meetings_to_put_up_in(raised).filter(pk=meeting.pk).exists():
        raise RaisedError(_("Velg et planlagt møte i organet.")).about("meeting")
    words = {"sender": raised.sender.name, "person": raised.raised_by, "day": date_no(raised.raised_at)}
    asked_by = _("%(sender)s ved %(person)s, meldt inn %(day)s") % words
    case = planning.add_case(
        meeting, kind=CaseKind(raised.kind), title=raised.title, requested_by=asked_by[:160], by=by, at=at
    )
    wish = _("%(sender)s ber om dette:") % words
    background = f"{raised.background}\n\n{wish}\n\n{raised.wish}"
    planning.write_paper(case, texts={"background": background}, by=by, at=at)
    _write(raised, case=case)
    _tell("raised.put_up", raised, by, at, case=case.reference)
    _tell_sender("raised_case_put_up", raised, at, case=case, meeting=meeting)
    return case


@act
def send_on(raised: RaisedCase, body: Body, why: str, *, by: User, at: datetime) -> RaisedCase:
    """Send it on to another body of the same helsefellesskap or region, with the reason.

    Raises RaisedError without a reason or for another body, RaisedConflictError when it waits no longer.
    """
    body = held(Body.objects.filter(pk=body.pk)).get()
    raised = _held_waiting(raised)
    why = _text_of(why, "why")
    if not other_bodies(raised).filter(pk=body.pk).exists():
        raise RaisedError(_("Velg et annet organ i samme helsefellesskap.")).about("body")
    before = raised.body
    SentOn.objects.create(raised=raised, from_body=before, to_body=body, why=why, sent_by=by, sent_at=at)
    _write(raised, body=body)
    _tell("raised.sent_on", raised, by, at, before=before.name, body=body.name)
    _tell_sender("raised_case_sent_on", raised, at, before=before, why=why)
    return raised


@act
def answer(raised: RaisedCase, text: str, *, by: User, at: datetime) -> RaisedCase:
    """Answer it without taking it up; those who raised it get the answer.

    Raises RaisedError without an answer, RaisedConflictError when it waits no longer.
    """
    raised = _held_waiting(raised)
    _settle(raised, _text_of(text, "answer"), by, at)
    _tell("raised.answered", raised, by, at)
    _tell_sender("raised_case_answered", raised, at)
    return raised


def taken_off(cases: Sequence[Case], why: str, by: User, at: datetime) -> int:
    """Tell those who raised one of the cases that it comes up no more; it waits for the secretariat again.

    A part of the act that takes the cases off the agenda. Returns how many they were.
    """
    rows = list(RaisedCase.objects.filter(case__in=cases).with_names().order_by("pk"))
    for raised in rows:
        case: Any = raised.case
        _tell("raised.taken_off", raised, by, at, case=case.reference)
        _tell_sender("raised_case_taken_off", raised, at, case=case, meeting=case.meeting, why=why)
    return len(rows)


def moved(meeting: Meeting, was: datetime, at: datetime) -> int:
    """Tell those who raised a case of the meeting when it is now. A part of the act that moves it."""
    return _tell_senders("raised_case_moved", meeting, at, was=was)


def cancelled(meeting: Meeting, why: str, at: datetime) -> int:
    """Tell those who raised a case of the meeting that it is cancelled. A part of the act that cancels it."""
    return _tell_senders("raised_case_cancelled", meeting, at, why=why)


def _tell_senders(kind: str, meeting: Meeting, at: datetime, **more: Any) -> int:
    rows = list(RaisedCase.objects.filter(case__meeting=meeting).with_names().order_by("pk"))
    for raised in rows:
        _tell_sender(kind, raised, at, case=raised.case, meeting=meeting, **more)
    return len(rows)


def taken_up(case: Case, again: Case, at: datetime) -> int:
    """What became the one case is now the other. Those who raised it are told by the act that takes it up."""
    rows = list(RaisedCase.objects.filter(case=case).with_names().order_by("pk"))
    for raised in rows:
        _write(raised, case=again)
        _tell_sender("raised_case_put_up", raised, at, case=again, meeting=again.meeting)
    return len(rows)


# --- what the acts share ----------------------------------------------------------------------------------


def _held_waiting(raised: RaisedCase) -> RaisedCase:
    """The case as it is now, locked; RaisedConflictError when it waits no longer."""
    fresh = held(RaisedCase.objects.filter(pk=raised.pk)).get()
    fresh = RaisedCase.objects.with_names().select_related("settled_by").get(pk=fresh.pk)
    if fresh.case:
        raise RaisedConflictError(_("Saken er satt opp som sak %(case)s.") % {"case": fresh.case.reference})
    if fresh.settled_at:
        words = {"name": fresh.settled_by, "day": date_no(fresh.settled_at)}
        said = _("%(name)s svarte på saken %(day)s.") if fresh.answer else _("%(name)s trakk saken %(day)s.")
        raise RaisedConflictError(said % words)
    return fresh


def _settle(raised: RaisedCase, text: str, by: User, at: datetime) -> None:
    _write(raised, answer=text, settled_by=by, settled_at=at)


def _write(raised: RaisedCase, **values: Any) -> None:
    for name, value in values.items():
        setattr(raised, name, value)
    raised.save(update_fields=list(values))


def _tell(act_name: str, raised: RaisedCase, by: User, at: datetime, **data: Any) -> None:
    journal.record(act_name, subject=raised, by=by, at=at, community=raised.body.tenant, title=raised.title, **data)


def _tell_sender(kind: str, raised: RaisedCase, at: datetime, **more: Any) -> None:
    """Write to the person who raised it, unless the person has left those whom it was raised for."""
    person = raised.raised_by
    places = places_by_address([person.email], local_date(at)).get(person.email.lower(), NOWHERE)
    organisations = [raised.from_organisation_id] if raised.from_organisation_id else []
    if not places.is_in(organisations, raised.from_body_id):
        return
    mail.queue(
        kind,
        recipient=person.email,
        about=raised,
        context={"raised": raised, "path": raised.get_absolute_url(), **more},
        at=at,
        key=f"{kind}:{raised.pk}:{at.isoformat()}",
        language=person.language,
    )
