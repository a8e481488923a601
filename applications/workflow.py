"""The life of an application as one table: who may move it from where to where.

Pure: the only Django import is the enumeration. The only writer of a status is ``services.advance``.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Status(TextChoices):
    """Where an application stands."""

    DRAFT = "draft", "Utkast"
    SUBMITTED = "submitted", "Sendt"
    CORRECTION = "correction", "Må rettes"
    ADMITTED = "admitted", "Til vurdering"
    NOT_ADMITTED = "not_admitted", "Avvist"
    PRIORITISED = "prioritised", "Prioritert"
    NOT_PRIORITISED = "not_prioritised", "Ikke prioritert"
    FORWARDED = "forwarded", "Oversendt"
    POSTPONED = "postponed", "Utsatt"
    GRANTED = "granted", "Innvilget"
    PARTLY_GRANTED = "partly_granted", "Delvis innvilget"
    REJECTED = "rejected", "Avslag"
    ACCEPTED = "accepted", "Akseptert"
    IN_OPERATION = "in_operation", "I drift"
    EVALUATED = "evaluated", "Evaluert"
    WITHDRAWN = "withdrawn", "Trukket"


class Actor(StrEnum):
    """On whose behalf a transition is made."""

    APPLICANT = "applicant"
    SECRETARIAT = "secretariat"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table."""

    name: str
    sources: frozenset[Status]
    target: Status
    actor: Actor
    label: str


S = Status
EDITABLE = frozenset({S.DRAFT, S.CORRECTION})
DECIDABLE = frozenset({S.PRIORITISED, S.FORWARDED, S.POSTPONED})
AWARDED = frozenset({S.GRANTED, S.PARTLY_GRANTED})
# What the applicant may still take back: everything before the last word.
WITHDRAWABLE = frozenset({S.DRAFT, S.SUBMITTED, S.CORRECTION, S.ADMITTED, *DECIDABLE, *AWARDED})
OPEN_TO_SECRETARIAT = frozenset(set(Status) - {S.DRAFT})


def _line(name: str, sources: set[Status] | frozenset[Status], target: Status, actor: Actor, label: str) -> Transition:
    return Transition(name, frozenset(sources), target, actor, label)


TRANSITIONS: tuple[Transition, ...] = (
    _line("submit", {S.DRAFT}, S.SUBMITTED, Actor.APPLICANT, "Send søknaden"),
    _line("resubmit", {S.CORRECTION}, S.SUBMITTED, Actor.APPLICANT, "Send rettelsen"),
    _line("withdraw", WITHDRAWABLE, S.WITHDRAWN, Actor.APPLICANT, "Trekk søknaden"),
    _line("request_correction", {S.SUBMITTED}, S.CORRECTION, Actor.SECRETARIAT, "Be om retting"),
    _line("admit", {S.SUBMITTED}, S.ADMITTED, Actor.SECRETARIAT, "Ta søknaden til vurdering"),
    _line("refuse_admission", {S.SUBMITTED}, S.NOT_ADMITTED, Actor.SECRETARIAT, "Avvis søknaden"),
    _line("prioritise", {S.ADMITTED}, S.PRIORITISED, Actor.SECRETARIAT, "Lås prioriteringen"),
    _line("leave_out", {S.ADMITTED}, S.NOT_PRIORITISED, Actor.SECRETARIAT, "Prioriter ikke"),
    _line("forward", {S.PRIORITISED}, S.FORWARDED, Actor.SECRETARIAT, "Oversend"),
    _line("grant", DECIDABLE, S.GRANTED, Actor.BODY, "Innvilg"),
    _line("grant_in_part", DECIDABLE, S.PARTLY_GRANTED, Actor.BODY, "Innvilg delvis"),
    _line("reject", DECIDABLE, S.REJECTED, Actor.BODY, "Avslå"),
    _line("postpone", {S.PRIORITISED, S.FORWARDED}, S.POSTPONED, Actor.BODY, "Utsett"),
    _line("accept", AWARDED, S.ACCEPTED, Actor.APPLICANT, "Aksepter tilskuddet"),
    _line("start_operation", {S.ACCEPTED}, S.IN_OPERATION, Actor.APPLICANT, "Meld driftsstart"),
    _line("evaluate", {S.IN_OPERATION}, S.EVALUATED, Actor.APPLICANT, "Send evalueringen"),
)
BY_NAME = {transition.name: transition for transition in TRANSITIONS}


def allowed(status: str, actor: Actor) -> tuple[Transition, ...]:
    """What the actor may do from this status, in the order of the process."""
    return tuple(line for line in TRANSITIONS if line.actor == actor and status in line.sources)


def can(status: str, name: str) -> bool:
    """Whether the named transition starts from this status."""
    return status in BY_NAME[name].sources
