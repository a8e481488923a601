"""Who may vote, whether the body can decide, and how the votes are counted.

Pure: seats and choices go in, an electorate and an outcome with its sentence for the minutes come out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.communities.decision_rules import DecisionRules, Rule, Share


class Choice(StrEnum):
    """What a member answers; under consensus AGAINST is an objection."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class LastBallot(StrEnum):
    """What became of the last ballot on a case. FELL: by a majority, for want of a quorum, or since nobody answered."""

    NONE = "none"
    CARRIED = "carried"
    OBJECTED = "objected"
    FELL = "fell"


MUNICIPALITY, HOSPITAL = "municipality", "hospital"
# More numbers of cases than this are counted in the minutes, and not listed.
MOST_NUMBERS = 6
BOTH_SIDES = (MUNICIPALITY, HOSPITAL)
SIDE_NAMES = {
    MUNICIPALITY: "Kommunesiden",
    HOSPITAL: "Helseforetakssiden",
    "user": "Brukerne",
    "gp": "Fastlegene",
    "union": "De tillitsvalgte",
    "other": "Andre",
}


class CannotVote(StrEnum):
    """Why a seat cannot vote in a case."""

    NO_VOTE = "no_vote"
    RECUSED = "recused"
    RECUSED_IN_PART = "recused_in_part"
    AWAY = "away"
    NOT_NEEDED = "not_needed"
    OTHER_DEPUTY = "other_deputy"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the body in one case at one moment."""

    pk: int
    side: str
    has_vote: bool = True
    deputy_for: int | None = None
    is_present: bool = True
    is_recused: bool = False
    # In a case of those that are decided together here (``inhabil_in_part``).
    is_recused_in_part: bool = False

    @property
    def is_inhabil(self) -> bool:
        """Whether habilitet keeps the seat from voting."""
        return self.is_recused or self.is_recused_in_part

    @property
    def is_able(self) -> bool:
        """Whether nothing about the seat itself keeps it from voting."""
        return self.has_vote and self.is_present and not self.is_inhabil


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who may vote and on which side, why the others may not, and what the quorum is counted of.

    ``sides`` is the side of each seat (by id) that may vote, ``cannot_vote`` the reason of each that may not. ``base``
    is the number of members with a vote: a member who is inhabil is counted only when a deputy votes instead.
    """

    sides: Mapping[int, str]
    cannot_vote: Mapping[int, CannotVote]
    base: int

    @property
    def size(self) -> int:
        """How many may vote."""
        return len(self.sides)

    def on_side(self, side: str) -> int:
        """How many of them sit on the side."""
        return sum(1 for voter_side in self.sides.values() if voter_side == side)


def electorate(seats: Iterable[Seat]) -> Electorate:
    """Who of the seats may vote now.

    A member votes when present and habil. A deputy votes only when the member is away or inhabil, and is counted on the
    member's side. When several deputies of one member can vote, the first in the given order does.
    """
    all_seats = tuple(seats)
    deputies: dict[int, list[Seat]] = {}
    for seat in all_seats:
        if seat.deputy_for is not None:
            deputies.setdefault(seat.deputy_for, []).append(seat)
    sides: dict[int, str] = {}
    cannot_vote = {seat.pk: _why_seat_cannot_vote(seat) for seat in all_seats if not seat.is_able}
    base = 0
    for member in all_seats:
        if member.deputy_for is not None:
            continue
        able = [seat for seat in (member, *deputies.get(member.pk, ())) if member.has_vote and seat.is_able]
        for seat in able[1:]:
            cannot_vote[seat.pk] = CannotVote.NOT_NEEDED if able[0] is member else CannotVote.OTHER_DEPUTY
        if able:
            sides[able[0].pk] = member.side
        base += member.has_vote and bool(able or not member.is_inhabil)
    for seat in all_seats:
        if seat.pk not in sides:
            # A deputy of a member who is not on the roll, or who has no vote, stands in for nobody.
            cannot_vote.setdefault(seat.pk, CannotVote.NO_VOTE)
    return Electorate(sides, cannot_vote, base)


def _why_seat_cannot_vote(seat: Seat) -> CannotVote:
    if not seat.has_vote:
        return CannotVote.NO_VOTE
    if seat.is_recused:
        return CannotVote.RECUSED
    return CannotVote.RECUSED_IN_PART if seat.is_recused_in_part else CannotVote.AWAY


def inhabil_in_part(inhabil: Iterable[tuple[int, datetime]], habil_in_whole: Mapping[int, datetime]) -> frozenset[int]:
    """Who (ids) does not vote on cases that are decided together: whoever is inhabil in one of them.

    What one case gets, the others do not. The body may have decided that the person is habil in the whole. Such a
    decision holds for what was known then: not for a case in which the person became inhabil later.
    """
    return frozenset(
        person for person, since in inhabil if person not in habil_in_whole or habil_in_whole[person] < since
    )


def undecided_in_part(raised: Iterable[tuple[int, datetime]], habil_in_whole: Mapping[int, datetime]) -> frozenset[int]:
    """Who (ids) waits for a decision in one of the cases that are decided together: the whole waits for it, too.

    As in ``inhabil_in_part``, a decision that the person is habil in the whole holds for what was raised by then.
    """
    return inhabil_in_part(raised, habil_in_whole)


@dataclass(frozen=True, slots=True)
class Quorum:
    """What the body needs to decide, and what it has."""

    present: int
    base: int
    needed: int
    missing_sides: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the body can decide."""
        return self.present >= self.needed and not self.missing_sides

    @property
    def sentence(self) -> str:
        """The state of the quorum in words."""
        if self.is_met:
            return f"Vedtaksført: {self.present} av {self.base} stemmeberettigede er til stede."
        if self.present < self.needed:
            return (
                f"Ikke vedtaksført: {self.present} av {self.base} stemmeberettigede er til stede, "
                f"og det kreves minst {self.needed}."
            )
        sides = " og ".join(SIDE_NAMES[side].lower() for side in self.missing_sides)
        return f"Ikke vedtaksført: Ingen med stemmerett fra {sides} er til stede."

    @property
    def past_sentence(self) -> str:
        """The same, of a meeting that has been held."""
        return self.sentence.replace(" er til stede", " var til stede").replace("kreves", "krevdes")


def quorum(voters: Electorate, share: Share, *, both_sides: bool) -> Quorum:
    """The quorum: the share of the members with a vote that the rules ask for, and both sides where they say so."""
    needed = share.needed(voters.base)
    missing = tuple(side for side in BOTH_SIDES if both_sides and not voters.on_side(side))
    return Quorum(voters.size, voters.base, needed, missing)


@dataclass(frozen=True, slots=True)
class Count:
    """Votes on one side, or of all."""

    side: str
    entitled: int
    in_favour: int
    against: int
    abstained: int

    @property
    def silent(self) -> int:
        """How many could have voted and did not."""
        return self.entitled - self.in_favour - self.against - self.abstained

    @property
    def has_majority(self) -> bool:
        """Whether most of the votes cast are in favour; abstaining is not a vote, and a tie is no majority."""
        return self.in_favour > self.against

    @property
    def is_tied(self) -> bool:
        """Whether as many are in favour as against, and somebody is."""
        return self.in_favour == self.against > 0

    @property
    def sentence(self) -> str:
        """«Kommunesiden: 4 for, 1 mot.»"""
        parts = [f"{self.in_favour} for", f"{self.against} mot"]
        parts += [f"{self.abstained} avsto"] if self.abstained else []
        parts += [f"{self.silent} stemte ikke"] if self.silent else []
        return f"{SIDE_NAMES[self.side]}: {', '.join(parts)}."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a closed ballot came to."""

    rule: Rule
    quorum: Quorum
    is_adopted: bool
    total: Count
    sides: tuple[Count, ...]
    set_aside: tuple[int, ...]
    sentence: str


def tally(
    choices: Mapping[int, Choice], voters: Electorate, rule: Rule, needs: Quorum, *, casting: Choice | None = None
) -> Outcome:
    """Count the choices (by seat) of those who may vote when the ballot closes.

    A choice from a seat that may no longer vote is set aside. Consensus: the proposal is adopted unless somebody
    objects or nobody answers. Simple majority: most of the votes cast. Double majority: most of the votes cast on each
    of the two sides. Without quorum nothing is adopted, nor with a tie, unless the vote of who leads decides it:
    ``casting``, which is given only where the body's rules say so, and counts under simple majority alone.
    """
    counted = {pk: Choice(choice) for pk, choice in choices.items() if pk in voters.sides}
    set_aside = tuple(sorted(pk for pk in choices if pk not in voters.sides))
    sides = tuple(_count(side, counted, voters) for side in _sides(voters))
    return _outcome(rule, needs, sides, set_aside, casting=casting)


def _sides(voters: Electorate) -> list[str]:
    """The sides that somebody may vote on, in their order."""
    return [side for side in SIDE_NAMES if voters.on_side(side)]


def _outcome(
    rule: Rule,
    needs: Quorum,
    sides: tuple[Count, ...],
    set_aside: tuple[int, ...] = (),
    *,
    casting: Choice | None = None,
) -> Outcome:
    numbers = ((one.entitled, one.in_favour, one.against, one.abstained) for one in sides)
    total = Count("", *(sum(column) for column in zip((0, 0, 0, 0), *numbers, strict=True)))
    breaks_tie = rule is Rule.SIMPLE_MAJORITY and total.is_tied and casting in {Choice.FOR, Choice.AGAINST}
    carries = casting is Choice.FOR if breaks_tie else _carries(rule, total, sides)
    is_adopted = needs.is_met and carries
    sentence = _sentence(rule, needs, total, sides, is_adopted=is_adopted, breaks_tie=breaks_tie)
    if set_aside:
        sentence += (
            f" {_votes(len(set_aside)).capitalize()} fra noen som ikke lenger hadde stemmerett, er ikke regnet med."
        )
    return Outcome(rule, needs, is_adopted, total, sides, set_aside, sentence)


@dataclass(frozen=True, slots=True)
class Hands:
    """The hands that were counted on one side."""

    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def counted(self) -> int:
        """How many they are together."""
        return self.in_favour + self.against + self.abstained


def tally_hands(
    hands: Mapping[str, Hands], voters: Electorate, rule: Rule, needs: Quorum, *, casting: Choice | None = None
) -> Outcome:
    """The same of a show of hands, counted side by side: the same rules, and the minutes say how it was voted."""
    sides = tuple(_of_hands(side, hands.get(side, Hands()), voters) for side in _sides(voters))
    outcome = _outcome(rule, needs, sides, casting=casting)
    return replace(outcome, sentence=f"{outcome.sentence} Stemmene ble talt ved håndsopprekning.")


def _of_hands(side: str, hands: Hands, voters: Electorate) -> Count:
    return Count(side, voters.on_side(side), hands.in_favour, hands.against, hands.abstained)


def too_many_hands(hands: Mapping[str, Hands], voters: Electorate) -> list[str]:
    """The sides with more hands than there are voters: whoever is inhabil or away is not one of them."""
    return [side for side, counted in hands.items() if counted.counted > voters.on_side(side)]


def misnamed(named: Mapping[int, Choice], hands: Mapping[str, Hands], voters: Electorate) -> list[str]:
    """The sides on which more are named (by seat) as against or abstaining than hands were counted."""
    wrong = []
    for side, counted in hands.items():
        answers = [Choice(choice) for seat, choice in named.items() if voters.sides.get(seat) == side]
        numbers = (answers.count(Choice.AGAINST), answers.count(Choice.ABSTAIN))
        if numbers[0] > counted.against or numbers[1] > counted.abstained:
            wrong.append(side)
    return wrong


def agreed(
    needs: Quorum, *, by_consensus: bool, withdrawn_by: Sequence[str] = (), together_with: Sequence[str] = ()
) -> str:
    """The sentences of the minutes on what a body agreed on without a ballot.

    ``withdrawn_by`` are those who objected in the last ballot, and have withdrawn the objection; ``together_with`` the
    numbers of the other cases that were resolved in one.
    """
    if together_with:
        several = len(together_with) > MOST_NUMBERS
        others = f"{len(together_with)} andre saker" if several else f"sak {_listed(together_with)}"
        how = "ved konsensus" if by_consensus else "enstemmig"
        return f"Vedtatt samlet med {others}, {how} og uten votering. {needs.past_sentence}"
    if withdrawn_by:
        how = f"Innvendingen fra {_listed(withdrawn_by)} ble trukket. Vedtatt ved konsensus uten ny votering."
    else:
        how = "Vedtatt ved konsensus uten votering." if by_consensus else "Enstemmig vedtatt uten votering."
    return f"{how} {needs.past_sentence}"


def can_be_agreed(rules: DecisionRules, last: LastBallot) -> bool:
    """Whether a resolution may be entered without a ballot: when none was held, or an objection may be withdrawn."""
    return last is LastBallot.NONE or (rules.is_consensus and last is LastBallot.OBJECTED)


def _count(side: str, counted: Mapping[int, Choice], voters: Electorate) -> Count:
    entitled = [pk for pk, voter_side in voters.sides.items() if voter_side == side]
    answers = [counted[pk] for pk in entitled if pk in counted]
    numbers = (answers.count(choice) for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN))
    return Count(side, len(entitled), *numbers)


def _carries(rule: Rule, total: Count, sides: tuple[Count, ...]) -> bool:
    if rule is Rule.CONSENSUS:
        return total.silent < total.entitled and not total.against
    if rule is Rule.SIMPLE_MAJORITY:
        return total.has_majority
    return all(any(count.side == side and count.has_majority for count in sides) for side in BOTH_SIDES)


def _sentence(
    rule: Rule, needs: Quorum, total: Count, sides: tuple[Count, ...], *, is_adopted: bool, breaks_tie: bool
) -> str:
    if not needs.is_met:
        return f"Ikke avgjort. {needs.past_sentence}"
    if rule is Rule.CONSENSUS:
        return _consensus(total, sides)
    by_side = " ".join(count.sentence for count in sides)
    if is_adopted and total.in_favour == total.entitled:
        return f"Enstemmig vedtatt med {_votes(total.in_favour)}. {by_side}"
    numbers = f"{total.in_favour} mot {_votes(total.against)}"
    if breaks_tie:
        ended = "Vedtatt" if is_adopted else "Forslaget falt"
        return f"{ended} ved stemmelikhet, {numbers}. Møteleders stemme avgjorde. {by_side}"
    if is_adopted:
        return f"Vedtatt med {numbers}. {by_side}"
    if total.has_majority:
        return f"Forslaget falt. Det fikk {numbers}, men ikke flertall på begge sider. {by_side}"
    if not total.in_favour and not total.against:
        return f"Forslaget falt. Ingen stemte for eller mot. {by_side}"
    if total.in_favour == total.against:
        return f"Forslaget falt ved stemmelikhet, {numbers}. {by_side}"
    return f"Forslaget falt med {numbers}. {by_side}"


def _consensus(total: Count, sides: tuple[Count, ...]) -> str:
    if total.silent == total.entitled:
        return f"Ikke vedtatt. Ingen av de {total.entitled} stemmeberettigede stemte."
    aside = f" {total.abstained} avsto." if total.abstained else ""
    if not total.against and total.silent:
        answered = f"{total.entitled - total.silent} av {total.entitled} stemmeberettigede svarte"
        return f"Vedtatt ved konsensus. {answered}, og ingen hadde innvendinger.{aside} {total.silent} svarte ikke."
    if not total.against:
        return f"Vedtatt ved konsensus. Ingen av de {total.entitled} stemmeberettigede hadde innvendinger.{aside}"
    where = " ".join(f"{SIDE_NAMES[count.side]}: {count.against}." for count in sides if count.against)
    return f"Ikke vedtatt, fordi {total.against} av {total.entitled} hadde innvendinger. {where}"


def _listed(names: Sequence[str]) -> str:
    """«Kari, Ola og Per»."""
    return " og ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _votes(number: int) -> str:
    return "1 stemme" if number == 1 else f"{number} stemmer"
