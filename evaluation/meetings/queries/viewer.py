"""The viewer of a meeting's screen: what the signed-in person is and may do in the case in hand."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings import voting
from evaluation.meetings.models import Attendance, Meeting, Vote
from evaluation.meetings.permissions import can_lead
from evaluation.meetings.queries.electorate import Roll, why_not
from portal.communities.models import User


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the signed-in person is and may do on the current case."""

    attendance: Attendance | None
    cannot_vote: voting.CannotVote | None
    why_not: str
    vote: Vote | None
    # Inhabil in the case, or the body has not decided it yet.
    is_recused: bool
    is_undecided: bool
    leads: bool
    # To answer about habilitet in the case's application, and has not.
    must_answer: bool = False

    @property
    def is_out(self) -> bool:
        """Whether the case is closed to the person: inhabil, not decided, or not answered."""
        return self.is_recused or self.must_answer

    @property
    def sits_for(self) -> str:
        """For whom a deputy votes, or is called in the place of; empty for a member."""
        line = self.attendance
        if line is None or line.seat.deputy_for is None:
            return ""
        if self.cannot_vote in {voting.CannotVote.NOT_NEEDED, voting.CannotVote.OTHER_DEPUTY}:
            return self.why_not
        said = _("Du møter for %(name)s.") if line.is_present else _("Du er vara for %(name)s.")
        return said % {"name": line.seat.deputy_for.user.name}

    @property
    def choice(self) -> str:
        """What the person has answered, in the words of the ballot's rule."""
        return self.vote.ballot.words[self.vote.choice] if self.vote else ""

    @property
    def can_vote(self) -> bool:
        """Whether the vote buttons are shown: also to one who has voted, who may change the vote."""
        return self.attendance is not None and self.cannot_vote is None and not self.must_answer

    @property
    def has_to_vote(self) -> bool:
        """Whether a ballot that is open waits for the person."""
        return self.can_vote and not self.vote


def viewer_of(meeting: Meeting, roll: Roll, votes: dict[int, Vote], *, user: User, now: datetime) -> Viewer:
    """What the person is in the meeting's case; ``votes`` are those of the open ballot by seat."""
    line = roll.of(user)
    seats = {one.seat_id for one in roll.attendances if one.seat.user_id == user.pk}
    waits = any(question.person_id == user.pk for question in roll.undecided)
    cannot_vote = roll.voters.cannot_vote.get(line.seat_id) if line else None
    return Viewer(
        attendance=line,
        cannot_vote=cannot_vote,
        why_not=why_not(cannot_vote, line) if line and cannot_vote else "",
        vote=next((votes[seat] for seat in seats if seat in votes), None),
        is_recused=roll.is_recused(user) or waits,
        is_undecided=waits and not roll.is_recused(user),
        leads=bool(can_lead(user, meeting, now=now)),
        must_answer=meeting.viewer_must_answer,  # type: ignore[attr-defined]  # set by ``meetings_on_screen``
    )
