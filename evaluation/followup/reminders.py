"""What the room reminds of: awards to accept, starts to tell and evaluations to send."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.queries.receivers import reached
from applications.queries.signatories import signatories_of
from applications.reminders import contacts, waiting
from applications.workflow import Status
from evaluation.decisions.models import Decision, Letter
from evaluation.followup.models import Acceptance
from evaluation.followup.queries import acceptances_in, letters_without_answer, of_any, of_award
from portal.communities.queries.belonging import places_by_address
from portal.reminders.windows import next_day, upcoming
from portal.rooms import Waiting

NOT_ACCEPTED = _("Påminnelse om å svare på tilskuddet")
NOT_STARTED = _("Påminnelse om å melde driftsstart")
NOT_EVALUATED = _("Påminnelse om evalueringen")


def acceptances(today: date) -> Iterator[Waiting]:
    """Awards told by a sent letter and not yet accepted, to the contacts and to those who may accept for the lead."""
    return _to_accept(letters_without_answer(), today)


def starts(today: date) -> Iterator[Waiting]:
    """Accepted projects that have not told their start, to the person responsible and the contacts."""
    return _to_start(acceptances_in(Status.ACCEPTED), today)


def evaluations(today: date) -> Iterator[Waiting]:
    """Evaluations that are not sent; when late, also to the secretariat."""
    return _to_evaluate(acceptances_in(Status.IN_OPERATION), today)


def _to_accept(letters: Iterable[Letter], today: date) -> Iterator[Waiting]:
    letters = list(letters)
    places = places_by_address((each for letter in letters for each in contacts(letter.decision.application)), today)
    # Who leads, by application; the partners are read with the contacts.
    leads = {
        letter.decision.application_id: partner
        for letter in letters
        for partner in letter.decision.application.partners.all()
        if partner.is_lead
    }
    able = signatories_of(leads.values(), today)
    for letter in letters:
        application = letter.decision.application
        offsets = tuple(application.round.spec.follow_up.acceptance_reminders)
        lead = leads.get(application.pk)
        signers = able[lead.pk] if lead else []
        addresses = [*reached(application, contacts(application), places, today), *signers]
        yield waiting(letter, application, letter.accept_by, offsets, addresses, letter=letter)


def _responsible(acceptance: Acceptance) -> list[str]:
    return [acceptance.responsible_email, *contacts(acceptance.decision.application)]


def _to_start(rows: Iterable[Acceptance], today: date) -> Iterator[Waiting]:
    rows = list(rows)
    places = places_by_address((each for row in rows for each in _responsible(row)), today)
    for acceptance in rows:
        application = acceptance.decision.application
        yield waiting(
            acceptance,
            application,
            acceptance.planned_start_date,
            tuple(application.round.spec.follow_up.start_reminders),
            reached(application, _responsible(acceptance), places, today),
            acceptance=acceptance,
        )


def _to_evaluate(rows: Iterable[Acceptance], today: date) -> Iterator[Waiting]:
    rows = list(rows)
    places = places_by_address((each for row in rows for each in _responsible(row)), today)
    for acceptance in rows:
        report = acceptance.evaluation
        application = acceptance.decision.application
        addresses = reached(application, _responsible(acceptance), places, today)
        if report.due_date < today:
            addresses.append(application.round.receiver_for(application.community).address)
        yield waiting(
            report,
            application,
            report.due_date,
            tuple(application.round.spec.follow_up.evaluation_reminders),
            addresses,
            report=report,
            acceptance=acceptance,
        )


# --- what comes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that goes on a day to come, if what it is about is not done by then."""

    day: date
    label: Any
    # What it asks for: «å svare på tilskuddet».
    asks: Any
    # What has then not happened: «tilskuddet ikke er besvart».
    unless: Any
    recipients: tuple[str, ...]
    deadline: date

    @property
    def is_late(self) -> bool:
        """Whether it goes after the deadline."""
        return self.day > self.deadline


def next_coming(awards: Collection[Decision], today: date) -> dict[int, Coming]:
    """The next reminder of each award, by its id; without one it is left out. As many queries as for one award."""
    nearest: dict[int, Coming] = {}
    for kind in _kinds():
        of_awards = of_any(kind.rows, awards)
        for row, item in zip(of_awards, kind.find(of_awards, today), strict=True):
            day = next_day(item.deadline, item.offsets, today)
            if day and (row.decision_id not in nearest or day < nearest[row.decision_id].day):
                nearest[row.decision_id] = kind.coming(day, item)
    return nearest


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of reminder: its code and words (as in ``Coming``), and how it is found among its rows."""

    code: str
    label: Any
    asks: Any
    unless: Any
    find: Callable[[Any, date], Iterator[Waiting]]
    rows: Any

    def coming(self, day: date, item: Waiting) -> Coming:
        """What goes on the day."""
        return Coming(day, self.label, self.asks, self.unless, item.recipients, item.deadline)


def _kinds() -> tuple[_Kind, ...]:
    answer = _("å svare på tilskuddet"), _("tilskuddet ikke er besvart")
    start = _("å melde driftsstart"), _("driftsstart ikke er meldt")
    evaluate = _("å sende evalueringen"), _("evalueringen ikke er sendt")
    return (
        _Kind("acceptance", NOT_ACCEPTED, *answer, _to_accept, letters_without_answer()),
        _Kind("start", NOT_STARTED, *start, _to_start, acceptances_in(Status.ACCEPTED)),
        _Kind("evaluation", NOT_EVALUATED, *evaluate, _to_evaluate, acceptances_in(Status.IN_OPERATION)),
    )


def coming(application: Application, today: date) -> list[Coming]:
    """The reminders of the application's award that are to come, the next first, as the engine will send them."""
    reminders_to_come = []
    for kind in _kinds():
        of_application = of_award(kind.rows, application)
        for item in kind.find(of_application, today):
            for day in upcoming(item.deadline, item.offsets, today):
                # Whom it goes to may depend on the day.
                (on_day,) = kind.find(of_application, day)
                reminders_to_come.append(kind.coming(day, on_day))
    return sorted(reminders_to_come, key=lambda each: each.day)


def late(application: Application, today: date) -> tuple[str, Waiting] | None:
    """What the application's award waits for though the day for it has passed, after the kind of its reminder."""
    for kind in _kinds():
        for item in kind.find(of_award(kind.rows, application), today):
            if item.deadline < today:
                return kind.code, item
    return None
