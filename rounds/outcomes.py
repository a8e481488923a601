"""The outcomes of an application: one row for each, with its amount, letter, status, colour and words.

Pure, except for the translated words. A new outcome is one row here (and the migrations that ``makemigrations``
writes for the choices and for the database's own check of the amount): the round file, the recommendation, the vote,
the resolution, the decision, the letter, the statuses and what the pages say of them read this table, and no other
module lists the codes.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as twin_lazy


class Amount(StrEnum):
    """How much of the requested amount (kroner) an outcome grants."""

    ALL = "all"  # exactly the requested amount
    PART = "part"  # more than 0 and less than the requested amount
    NONE = "none"


class LetterKind(StrEnum):
    """What the letter about the outcome contains besides the decision and its reason."""

    AWARD = "award"  # amounts, conditions, payment, reporting, acceptance
    REFUSAL = "refusal"  # when the next round opens
    NOTICE = "notice"  # nothing more


class Chooser(StrEnum):
    """Where in the process an outcome can be chosen."""

    FORWARDING_STAGE = "forwarding_stage"  # the recommendation of a stage that forwards to a later one
    DECIDING_STAGE = "deciding_stage"  # the recommendation of the stage that decides
    BODY = "body"  # the vote and the resolution of a body
    CHECK = "check"  # the formal check of what was sent


IN_ANY_STAGE = frozenset({Chooser.FORWARDING_STAGE, Chooser.DECIDING_STAGE, Chooser.BODY})
BEFORE_THE_DECISION = frozenset({Chooser.FORWARDING_STAGE, Chooser.BODY})
IN_THE_DECISION = frozenset({Chooser.DECIDING_STAGE, Chooser.BODY})
BY_THE_CHECK = frozenset({Chooser.CHECK})
NOWHERE: frozenset[Chooser] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an outcome means. ``status`` is the code of the application's status then; ``applications.workflow`` has it.

    ``proposed`` are its words while the stage that decides recommends it and votes on it, and ``prioritised`` those of
    a stage that forwards: it prioritises, and leaves it to the last to grant. Empty where they are the same.

    ``recommends`` and ``resolves`` are the first point of the proposal to a body that sends the application on, and
    to one that decides. They are in bokmål, as the minutes are, with the fields body, title, amount, requested,
    rank, and those of ``rounds.nouns``.
    """

    code: str
    decided: Any
    proposed: Any = ""
    prioritised: Any = ""
    amount: Amount = Amount.NONE
    letter: LetterKind | None = None
    status: str
    # The colour of the status (``portal.rooms.Tone``).
    tone: Literal["neutral", "info", "success", "warning", "ended"] = "neutral"
    # What the applicants' page says when they know the status; empty where another row has said it.
    told: Any = ""
    # How a body brings an application to the status: the transition's name, its words on a button and in the log.
    transition: str = ""
    transition_label: Any = ""
    logged: Any = ""
    chosen_by: frozenset[Chooser] = NOWHERE
    # The code of the outcome that this one becomes when the body that decides chooses it.
    becomes: str = ""
    recommends: str = ""
    resolves: str = ""


_READ_THE_LETTER = _("Les brevet. Ansvarlig søker må akseptere vilkårene før tilskuddet utbetales.")


class Outcome(StrEnum):
    """What a body or the formal check decides about an application, or how the application ended without a decision."""

    means: Meaning

    # Any: the type checker reads this signature for the look-up Outcome("granted") too.
    def __new__(cls, means: Any) -> Self:
        member = str.__new__(cls, means.code)
        member._value_ = means.code
        member.means = means
        return member

    GRANTED = Meaning(
        code="granted",
        proposed=_("Innvilges"),
        prioritised=_("Prioriteres"),
        decided=_("Innvilget"),
        amount=Amount.ALL,
        letter=LetterKind.AWARD,
        status="granted",
        tone="success",
        told=_READ_THE_LETTER,
        transition="grant",
        transition_label=_("Innvilg"),
        logged=twin_lazy("Søknaden ble innvilget."),
        chosen_by=IN_ANY_STAGE,
        recommends="{body} tilrår at {the} «{title}» innvilges med {amount}, og oversender {it}{rank}.",
        resolves="{body} innvilger inntil {amount} i tilskudd til «{title}».",
    )
    PARTLY_GRANTED = Meaning(
        code="partly_granted",
        proposed=_("Innvilges delvis"),
        prioritised=_("Prioriteres med lavere beløp"),
        decided=_("Delvis innvilget"),
        amount=Amount.PART,
        letter=LetterKind.AWARD,
        status="partly_granted",
        tone="success",
        told=_READ_THE_LETTER,
        transition="grant_in_part",
        transition_label=_("Innvilg delvis"),
        logged=twin_lazy("Søknaden ble delvis innvilget."),
        chosen_by=IN_ANY_STAGE,
        recommends=(
            "{body} tilrår at {the} «{title}» innvilges delvis med {amount} av omsøkte {requested}, "
            "og oversender {it}{rank}."
        ),
        resolves="{body} innvilger delvis {the} «{title}» med {amount} av omsøkte {requested}.",
    )
    REJECTED = Meaning(
        code="rejected",
        proposed=_("Avslås"),
        decided=_("Avslag"),
        letter=LetterKind.REFUSAL,
        status="rejected",
        tone="ended",
        told=twin_lazy("Søknaden har fått avslag. Brevet forteller hvorfor."),
        transition="reject",
        transition_label=_("Avslå"),
        logged=twin_lazy("Søknaden fikk avslag."),
        chosen_by=IN_THE_DECISION,
        recommends="{body} tilrår at {the} «{title}» avslås.",
        resolves="{body} avslår {applied} «{title}».",
    )
    POSTPONED = Meaning(
        code="postponed",
        proposed=_("Utsettes"),
        decided=_("Utsatt"),
        letter=LetterKind.NOTICE,
        status="postponed",
        tone="warning",
        told=_("Behandlingen er utsatt. Dere får brev når det er fattet vedtak."),
        transition="postpone",
        transition_label=_("Utsett"),
        logged=twin_lazy("Søknaden ble utsatt."),
        chosen_by=IN_THE_DECISION,
        recommends="{body} utsetter behandlingen av {the} «{title}».",
        resolves="{body} utsetter behandlingen av {the} «{title}».",
    )
    NOT_PRIORITISED = Meaning(
        code="not_prioritised",
        proposed=_("Prioriteres ikke"),
        decided=_("Ikke prioritert"),
        letter=LetterKind.REFUSAL,
        status="not_prioritised",
        told=twin_lazy("Søknaden er ikke prioritert. Brevet forteller hvorfor."),
        chosen_by=BEFORE_THE_DECISION,
        # A deciding body that does not prioritise an application rejects it.
        becomes="rejected",
        recommends="{body} prioriterer ikke {the} «{title}».",
        resolves="{body} prioriterer ikke {the} «{title}» i denne runden.",
    )
    NOT_ADMITTED = Meaning(
        code="not_admitted",
        decided=_("Avvist"),
        letter=LetterKind.REFUSAL,
        status="not_admitted",
        tone="ended",
        told=twin_lazy("Søknaden er avvist og blir ikke vurdert. Brevet forteller hvorfor."),
        chosen_by=BY_THE_CHECK,
    )
    # Nobody decides these two: a stage forwards the application, or the applicant withdraws it.
    FORWARDED = Meaning(
        code="forwarded",
        decided=_("Oversendt"),
        letter=LetterKind.NOTICE,
        status="forwarded",
        tone="info",
        told=twin_lazy("Søknaden er oversendt og venter på vedtak. Dere får brev når det er fattet."),
    )
    WITHDRAWN = Meaning(
        code="withdrawn",
        decided=_("Trukket"),
        status="withdrawn",
        told=twin_lazy("Søknaden er trukket. Det er ikke mer dere må gjøre."),
    )

    @property
    def is_award(self) -> bool:
        """Whether the outcome gives money."""
        return self.means.amount != Amount.NONE

    def proposed_label(self, *, decides: bool) -> str:
        """Its words while it is proposed: «Innvilges», or «Prioriteres» in a stage that only forwards."""
        return str((not decides and self.means.prioritised) or self.means.proposed)


def chosen_by(*choosers: Chooser) -> tuple[Outcome, ...]:
    """The outcomes that any of the choosers can choose, in the order of the table."""
    return tuple(outcome for outcome in Outcome if outcome.means.chosen_by.intersection(choosers))


# The outcomes that give money.
AWARDS = frozenset(outcome for outcome in Outcome if outcome.is_award)
# The same as plain codes, for the checks that the database makes itself.
AWARD_CODES = tuple(sorted(str(outcome) for outcome in AWARDS))
# The outcomes that a stage can recommend, and that a body can vote on and resolve.
PROPOSABLE = chosen_by(Chooser.FORWARDING_STAGE, Chooser.DECIDING_STAGE, Chooser.BODY)
# The decisions of the last stage that give or refuse money, and the resolutions that become one of them.
GIVEN_OR_REFUSED = tuple(one for one in chosen_by(Chooser.DECIDING_STAGE) if one.means.letter != LetterKind.NOTICE)
RESOLVED_GIVEN_OR_REFUSED = tuple(one for one in PROPOSABLE if (one.means.becomes or one) in GIVEN_OR_REFUSED)
# The outcomes that a body or the formal check can decide.
DECIDED_OUTCOMES = tuple(outcome for outcome in Outcome if outcome.means.chosen_by)


def proposed_choices() -> list[tuple[str, Any]]:
    """Code and words of the outcomes that can be recommended, voted on and resolved."""
    return [(str(outcome), outcome.means.proposed) for outcome in PROPOSABLE]


def decided_choices() -> list[tuple[str, Any]]:
    """Code and words of the outcomes that can be decided."""
    return [(str(outcome), outcome.means.decided) for outcome in DECIDED_OUTCOMES]
