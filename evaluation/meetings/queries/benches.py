"""Who is in the room, side by side, as the screens of a meeting show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.meetings import voting
from evaluation.meetings.models import Attendance, Vote
from evaluation.meetings.queries.electorate import SIDES, Roll


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the roll, as the screen shows it."""

    attendance: Attendance
    cannot_vote: voting.CannotVote | None
    has_voted: bool = False

    @property
    def name(self) -> str:
        """The person's name."""
        return str(self.attendance.seat.user)

    @property
    def note(self) -> str:
        """What is special about the person in this case."""
        seat = self.attendance.seat
        if self.cannot_vote == voting.CannotVote.RECUSED:
            return _("inhabil")
        if self.cannot_vote == voting.CannotVote.RECUSED_IN_PART:
            return _("inhabil i en sak på listen")
        if self.attendance.is_present and seat.deputy_for:
            text = _("vara for %(name)s") if self.cannot_vote is None else _("vara for %(name)s, stemmer ikke")
            return text % {"name": seat.deputy_for.user}
        if self.attendance.is_present and self.cannot_vote == voting.CannotVote.NO_VOTE:
            return _("uten stemmerett")
        return ""


@dataclass(frozen=True, slots=True)
class Bench:
    """The people of one side: those present, and those who are not."""

    side: str
    label: str
    present: Sequence[Line]
    away: Sequence[Line]

    @property
    def voters(self) -> int:
        """How many of them may vote."""
        return sum(1 for line in self.present if line.cannot_vote is None)

    @property
    def voted(self) -> int:
        """How many of them have voted, on the screens of those who are told."""
        return sum(1 for line in self.present if line.has_voted)

    @property
    def apologies(self) -> int:
        """How many of them have said that they do not come."""
        return sum(1 for line in self.away if line.attendance.apology)

    @property
    def members(self) -> int:
        """How many there are, of whom deputies count when they are present."""
        return len(self.present) + sum(1 for line in self.away if not line.attendance.seat.deputy_for_id)


def benches_of(roll: Roll, votes: Mapping[int, Vote]) -> list[Bench]:
    """The sides that have anybody, with the votes (by seat) that the person may know of. No query."""
    lines = [Line(line, roll.voters.cannot_vote.get(line.seat_id), line.seat_id in votes) for line in roll.attendances]
    benches = []
    for side in SIDES:
        of_side = [line for line in lines if line.attendance.seat.side == side]
        present = [line for line in of_side if line.attendance.is_present]
        away = [line for line in of_side if not line.attendance.is_present]
        if of_side:
            benches.append(Bench(side, str(SIDES[side]), present, away))
    return benches
