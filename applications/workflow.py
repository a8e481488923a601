"""The life of an application as one table: who may move it from where to where.

Pure: all it takes from Django is the enumeration and the mark on words for people. The only writer of a status is
``services.advance``.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from rounds.outcomes import AWARDS, Chooser, Outcome, chosen_by


def add_statuses_of_outcomes(members: MutableMapping[str, Any]) -> None:
    """Add a status for each outcome whose status is not there, so that a new outcome is one row in ``rounds.outcomes``.

    The status is named and called as the row says.
    """
    for outcome in Outcome:
        name = outcome.means.status.upper()
        if name not in members:
            members[name] = (outcome.means.status, outcome.means.decided)


class Status(TextChoices):
    """The status of an application."""

    DRAFT = "draft", _("Utkast")
    SUBMITTED = "submitted", _("Sendt")
    CORRECTION = "correction", _("Må rettes")
    ADMITTED = "admitted", _("Til vurdering")
    NOT_ADMITTED = "not_admitted", _("Avvist")
    PRIORITISED = "prioritised", _("Prioritert")
    NOT_PRIORITISED = "not_prioritised", _("Ikke prioritert")
    FORWARDED = "forwarded", _("Oversendt")
    POSTPONED = "postponed", _("Utsatt")
    GRANTED = "granted", _("Innvilget")
    PARTLY_GRANTED = "partly_granted", _("Delvis innvilget")
    REJECTED = "rejected", _("Avslag")
    ACCEPTED = "accepted", _("Akseptert")
    IN_OPERATION = "in_operation", _("I drift")
    EVALUATED = "evaluated", _("Evaluert")
    WITHDRAWN = "withdrawn", _("Trukket")
    # ``vars()`` is the body of this class while Python reads it.
    add_statuses_of_outcomes(vars())


class StageState(TextChoices):
    """How far an application has come in one stage of its round."""

    RECEIVED = "received", _("Mottatt")
    IN_WORK = "in_work", _("Under arbeid")
    PRIORITISED = "prioritised", _("På den låste listen")
    LEFT_OUT = "left_out", _("Ikke prioritert")
    FORWARDED = "forwarded", _("Oversendt")
    DECIDED = "decided", _("Avgjort")
    CLOSED = "closed", _("Avsluttet")


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
    label: Any


S = Status
EDITABLE = frozenset({S.DRAFT, S.CORRECTION})
# What a body decides has been put on a locked list first, in whatever stage.
DECIDABLE_STATUSES = frozenset({S.PRIORITISED, S.POSTPONED})
# What a list is made of: admitted in the first stage, or forwarded to a later one.
LISTABLE = frozenset({S.ADMITTED, S.FORWARDED})
AWARDED = frozenset(S(outcome.means.status) for outcome in AWARDS)
# An award and what comes after it.
FOLLOWED = AWARDED | {S.ACCEPTED, S.IN_OPERATION, S.EVALUATED}
# What the applicants may withdraw: everything before the final decision. An award is declined instead.
WITHDRAWABLE = frozenset({S.DRAFT, S.SUBMITTED, S.CORRECTION, S.ADMITTED, S.FORWARDED, *DECIDABLE_STATUSES})
# Everything sent that is neither withdrawn nor decided by a body. It ends when its round is cancelled.
UNDECIDED = WITHDRAWABLE - {S.DRAFT} | {S.NOT_ADMITTED, S.NOT_PRIORITISED}
# No longer to be assessed by anybody.
GONE = frozenset({S.NOT_ADMITTED, S.WITHDRAWN})
# Nothing more comes of these. A withdrawn draft may be brought back; until then it is over.
ENDED = GONE | {S.NOT_PRIORITISED, S.REJECTED, S.EVALUATED}


class Turn(IntegerChoices):
    """Whose turn it is in an application, as its applicants know it; in the order of «Mine søknader»."""

    THEIRS = 0, _("Venter på dere")
    OTHERS = 1, _("Venter på andre")
    ENDED = 2, _("Avsluttet")


# The statuses in which it may be the applicants' turn, and in which it is nobody's; else it is that of others.
TURNS = {Turn.THEIRS: EDITABLE | FOLLOWED - ENDED, Turn.ENDED: ENDED}
# Statuses that the applicants learn of by letter, each with the status that they know until then.
KNOWN_BEFORE: dict[Status, Status] = {
    S.PRIORITISED: S.ADMITTED,
    **{S(outcome.means.status): S.ADMITTED for outcome in Outcome if outcome.means.letter},
    S.NOT_ADMITTED: S.SUBMITTED,
}


def _line(name: str, sources: set[Status] | frozenset[Status], target: Status, actor: Actor, label: Any) -> Transition:
    return Transition(name, frozenset(sources), target, actor, label)


def _decisions() -> tuple[Transition, ...]:
    """What a body decides, by the table of outcomes: «grant», «grant_in_part», «reject», «postpone».

    What was postponed may be postponed again.
    """
    means = [outcome.means for outcome in chosen_by(Chooser.BODY) if outcome.means.transition]
    return tuple(
        _line(row.transition, DECIDABLE_STATUSES, S(row.status), Actor.BODY, row.transition_label) for row in means
    )


TRANSITIONS: tuple[Transition, ...] = (
    _line("submit", {S.DRAFT}, S.SUBMITTED, Actor.APPLICANT, _("Send søknaden")),
    _line("resubmit", {S.CORRECTION}, S.SUBMITTED, Actor.APPLICANT, _("Send rettelsen")),
    _line("withdraw", WITHDRAWABLE, S.WITHDRAWN, Actor.APPLICANT, _("Trekk søknaden")),
    # The one who announced the round has cancelled it, before anything was decided. Drafts stay.
    _line("cancel", UNDECIDED, S.WITHDRAWN, Actor.SECRETARIAT, _("Trekk utlysningen")),
    # Of drafts alone: ``permissions.can_bring_back`` and the act ask it.
    _line("bring_back", {S.WITHDRAWN}, S.DRAFT, Actor.APPLICANT, _("Hent utkastet tilbake")),
    _line("request_correction", {S.SUBMITTED}, S.CORRECTION, Actor.SECRETARIAT, _("Be om retting")),
    _line("admit", {S.SUBMITTED}, S.ADMITTED, Actor.SECRETARIAT, _("Ta søknaden til vurdering")),
    _line("take_in", {S.FORWARDED}, S.FORWARDED, Actor.SECRETARIAT, _("Ta søknaden til vurdering")),
    _line("refuse_admission", {S.SUBMITTED, S.FORWARDED}, S.NOT_ADMITTED, Actor.SECRETARIAT, _("Avvis søknaden")),
    _line("close_unanswered", {S.CORRECTION}, S.NOT_ADMITTED, Actor.SECRETARIAT, _("Avvis søknaden uten retting")),
    # The outcome of the check is taken back until something has come of it. «check_again_later» is for a later stage;
    # «correct_again» for an application that was refused since its correction did not come.
    _line("check_again", {S.ADMITTED, S.NOT_ADMITTED}, S.SUBMITTED, Actor.SECRETARIAT, _("Gjør kontrollen om")),
    _line("check_again_later", {S.FORWARDED, S.NOT_ADMITTED}, S.FORWARDED, Actor.SECRETARIAT, _("Gjør kontrollen om")),
    _line("correct_again", {S.NOT_ADMITTED}, S.CORRECTION, Actor.SECRETARIAT, _("Gjør kontrollen om")),
    _line("prioritise", LISTABLE, S.PRIORITISED, Actor.SECRETARIAT, _("Lås prioriteringen")),
    _line("leave_out", LISTABLE, S.NOT_PRIORITISED, Actor.SECRETARIAT, _("Prioriter ikke")),
    _line("forward", {S.PRIORITISED}, S.FORWARDED, Actor.SECRETARIAT, _("Oversend")),
    # Until somebody else has seen the list. «unlock_later» is for a later stage what «unlock» is for the first.
    _line("unlock", {S.PRIORITISED, S.NOT_PRIORITISED}, S.ADMITTED, Actor.SECRETARIAT, _("Lås opp prioriteringen")),
    _line(
        "unlock_later", {S.PRIORITISED, S.NOT_PRIORITISED}, S.FORWARDED, Actor.SECRETARIAT, _("Lås opp prioriteringen")
    ),
    _line("call_back", {S.FORWARDED}, S.PRIORITISED, Actor.SECRETARIAT, _("Kall tilbake oversendelsen")),
    *_decisions(),
    _line("accept", AWARDED, S.ACCEPTED, Actor.APPLICANT, _("Aksepter tilskuddet")),
    _line("decline_award", AWARDED, S.WITHDRAWN, Actor.APPLICANT, _("Takk nei til tilskuddet")),
    _line("start_operation", {S.ACCEPTED}, S.IN_OPERATION, Actor.APPLICANT, _("Meld driftsstart")),
    _line("evaluate", {S.IN_OPERATION}, S.EVALUATED, Actor.APPLICANT, _("Send evalueringen")),
)
# What becomes of the stage that the application is in. «submit» and «forward» also begin a stage. «take_in» is for a
# later stage what «admit» is for the first: the application stays forwarded, and its stage begins to assess it.
STAGE_STATES: dict[str, StageState] = {
    **dict.fromkeys(("admit", "take_in", "unlock", "unlock_later"), StageState.IN_WORK),
    "call_back": StageState.PRIORITISED,
    **dict.fromkeys(("check_again", "check_again_later", "correct_again"), StageState.RECEIVED),
    "prioritise": StageState.PRIORITISED,
    "leave_out": StageState.LEFT_OUT,
    "forward": StageState.FORWARDED,
    **{line.name: StageState.DECIDED for line in TRANSITIONS if line.actor == Actor.BODY},
    "postpone": StageState.PRIORITISED,
    **dict.fromkeys(("withdraw", "cancel", "refuse_admission", "close_unanswered"), StageState.CLOSED),
}
# The application is in the stage. In every other state it has left the stage.
OPEN_STAGE_STATES = frozenset({StageState.RECEIVED, StageState.IN_WORK, StageState.PRIORITISED})
# The secretariat of the stage tells the applicants, for no body has decided.
ENDED_WITHOUT_BODY = frozenset({StageState.LEFT_OUT, StageState.CLOSED})
# The application is in its newest stage again, also when it had left it.
BACK_IN_STAGE = frozenset({"unlock", "unlock_later", "call_back", "check_again", "check_again_later", "correct_again"})
# Only an application that its stage has not checked may be moved along these lines.
CHECKS = frozenset({"admit", "take_in", "refuse_admission"})
# Only the stage that decides may move an application along these lines.
DECISIONS = frozenset(line.name for line in TRANSITIONS if line.actor == Actor.BODY)
BY_NAME = {transition.name: transition for transition in TRANSITIONS}


def allowed(status: str, actor: Actor) -> tuple[Transition, ...]:
    """What the actor may do from this status, in the order of the process."""
    return tuple(line for line in TRANSITIONS if line.actor == actor and status in line.sources)


def body_transition_to(status: str) -> Transition | None:
    """The transition by which a body brings an application to this status, if there is one."""
    return next((line for line in TRANSITIONS if line.actor == Actor.BODY and line.target == status), None)


def known(status: str, *, is_announced: bool, before: str = "") -> Status:
    """The status that the applicants know: until they are told of an outcome, the status ``before`` it."""
    real = Status(status)
    if is_announced or real not in KNOWN_BEFORE:
        return real
    return Status(before) if before else KNOWN_BEFORE[real]


def can(status: str, name: str) -> bool:
    """Whether the named transition starts from this status."""
    return status in BY_NAME[name].sources
