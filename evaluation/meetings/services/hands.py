"""A show of hands: counted by who leads the case, side by side, and frozen as any other ballot."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings import voting
from evaluation.meetings.models import Ballot, BallotStatus, Case
from evaluation.meetings.queries.electorate import SIDES, quorum_of
from evaluation.meetings.queries.proposed import Proposal, latest_ballot
from evaluation.meetings.services.balloting import electorate_snapshot, result_of, roll_to_vote
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError, case_led_by, tell
from portal.acts import act
from portal.communities.models import User
from rounds.outcomes import AWARDS


@act
def count_hands(
    case: Case,
    proposal: Proposal,
    hands: Mapping[str, voting.Hands],
    *,
    named: Mapping[int, voting.Choice] | None = None,
    casting: voting.Choice | None = None,
    after: int | None = None,
    by: User,
    at: datetime,
) -> Ballot:
    """Enter a show of hands on the proposal, by the rule and the quorum in force in the case: a closed ballot.

    ``named`` are those (seats) who asked to be named against or as abstaining; nobody is where the body keeps no names.
    ``casting`` is how who leads voted, where that decides a tie. ``after`` is the last ballot (id) when the hands were
    counted: raises MeetingConflictError when one was held since.
    Raises MeetingError as ``open_ballot`` does, with more hands than voters on a side, and with more names than hands.
    """
    case = case_led_by(by, case, at)
    latest = latest_ballot(case)
    if (latest.pk if latest else None) != after:
        raise MeetingConflictError(_("Det er holdt en ny votering i saken siden du åpnet siden. Se resultatet først."))
    roll = roll_to_vote(case, proposal.text, proposal.outcome, proposal.amount)
    named = dict(named or {}) if case.meeting.body.members_see_votes else {}
    _require_counted(hands, named, roll.voters)
    needs, decides = quorum_of(roll.rules, roll.voters), casting if roll.casting_seat else None
    outcome = voting.tally_hands(hands, roll.voters, roll.rules.rule, needs, casting=decides)
    ballot = Ballot.objects.create(
        case=case,
        proposal=proposal.text,
        outcome=proposal.outcome,
        amount=proposal.amount if proposal.outcome in AWARDS else None,
        rules=roll.rules.to_data(),
        status=BallotStatus.CLOSED,
        opened_at=at,
        opened_by=by,
        closed_at=at,
        electorate=electorate_snapshot(roll, named),
        result={**result_of(outcome), "by_hands": True},
    )
    data = {"case": case.reference, "is_adopted": outcome.is_adopted}
    tell("ballot.hands_counted", case.meeting, by=by, at=at, subject=ballot, **data)
    return ballot


def _require_counted(
    hands: Mapping[str, voting.Hands], named: Mapping[int, voting.Choice], voters: voting.Electorate
) -> None:
    if named.keys() - voters.sides.keys():
        raise MeetingError(_("Bare de som er til stede og habile i saken, kan føres opp med navn."))
    for side in voting.too_many_hands(hands, voters):
        words = {"hands": hands[side].counted, "side": str(SIDES[side]).lower(), "voters": voters.on_side(side)}
        said = _("Det er ført %(hands)s hender på %(side)s, og der kan %(voters)s stemme. Tell på nytt.")
        raise MeetingError(said % words).about(f"{side}_for")
    for side in voting.misnamed(named, hands, voters):
        said = _("På %(side)s er det ført flere navn enn hender.") % {"side": str(SIDES[side]).lower()}
        raise MeetingError(said).about(f"{side}_for")
