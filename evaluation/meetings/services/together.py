"""Several cases are resolved together, and a member asks that one of them is discussed instead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluation.meetings import voting
from evaluation.meetings.models import Ballot, BallotStatus, Case, DiscussionRequest, Meeting, Resolution
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.habilitet import line_of
from evaluation.meetings.queries.together import Line, frames_of, lines_together
from evaluation.meetings.services.locking import (
    MeetingError,
    case_led_by,
    locked,
    locked_case,
    require_in_case,
    require_not_over,
    require_open,
    tell,
)
from evaluation.meetings.services.resolving import agree
from evaluation.meetings.together import LeftOut
from portal.acts import act, held
from portal.communities.models import User
from portal.errors import ChangedError
from portal.snapshots import changed

WHY_LEFT_OUT = {
    LeftOut.CLOSED: _lazy("Saken er stengt for deg."),
    LeftOut.NOT_FOR_DECISION: _lazy("Saken er ikke en beslutningssak."),
    LeftOut.WITHDRAWN: _lazy("Det er ikke noe igjen å avgjøre i saken."),
    LeftOut.WHOLE_LIST: _lazy("Samlet fordeling tas til slutt, når sakene på listen er avgjort."),
    LeftOut.HABILITET: _lazy("Noen er inhabil i saken, eller utvalget har ikke avgjort om noen er det."),
    LeftOut.VOTED: _lazy("Det er stemt i saken, eller det finnes et annet forslag."),
    LeftOut.DISCUSSED: _lazy("Noen vil ha saken drøftet."),
    LeftOut.NO_PROPOSAL: _lazy("Saken har ikke noe forslag til vedtak."),
}


@dataclass(frozen=True, slots=True)
class Together:
    """The cases that were resolved together, and those of the chosen that were left, each with the sentence why."""

    done: tuple[Case, ...]
    left: tuple[tuple[Case, str], ...]


@act
def resolve_together(meeting: Meeting, chosen: Collection[str], *, shown: str, by: User, at: datetime) -> Together:
    """Adopt the proposals of the ``chosen`` cases (``Line.key``) as they are: each is a resolution of its own.

    Every condition of a case that is resolved without a ballot holds for each; one that does not meet them is left.
    ``shown`` is the sums (``snapshots.sums``) of what the page showed of each. Raises ChangedError when one of them
    says something else now, MeetingError when none was chosen, the meeting is not open, or a ballot is.
    """
    list(held(frames_of(meeting)))
    meeting = locked(meeting.pk)
    require_open(meeting)
    if Ballot.objects.filter(case__meeting=meeting, status=BallotStatus.OPEN).exists():
        raise MeetingError(_("Lukk voteringen først."))
    lines = [line for line in lines_together(meeting, by, now=at) if line.key in chosen]
    if not lines:
        raise MeetingError(_("Velg minst én sak som ikke er behandlet."))
    _require_shown([line for line in lines if not line.why], shown)
    resolved: list[Resolution] = []
    left: list[tuple[Case, str]] = []
    for line in lines:
        try:
            resolved.append(_adopt(line, by=by, at=at))
        except MeetingError as why:
            left.append((line.case, str(why)))
    _say_together(meeting, resolved)
    return Together(tuple(resolution.case for resolution in resolved), tuple(left))


def _require_shown(lines: list[Line], shown: str) -> None:
    """Raise ChangedError when the proposal of a chosen case is another than on the page."""
    new = changed(shown, {line.key: line.shown for line in lines})
    if other := [line.case.reference for line in lines if line.key in new]:
        said = _("Forslaget i sak %(cases)s er endret siden du så det. Les det slik det er nå, og trykk på nytt.")
        raise ChangedError(said % {"cases": ", ".join(other)})


def _adopt(line: Line, *, by: User, at: datetime) -> Resolution:
    if line.why:
        raise MeetingError(str(WHY_LEFT_OUT[line.why]))
    return agree(case_led_by(by, line.case, at), line.proposal, by=by, at=at)


def _say_together(meeting: Meeting, resolved: list[Resolution]) -> None:
    """Let the minutes say of each with which others it was resolved; of one alone, that all agreed on it."""
    for resolution in resolved if resolved[1:] else ():
        roll = roll_of(meeting, resolution.case)
        others = [other.case.reference for other in resolved if other is not resolution]
        by_consensus = roll.rules.is_consensus
        resolution.manner = voting.agreed(roll.quorum, by_consensus=by_consensus, together_with=others)
        resolution.save(update_fields=["manner"])


@act
def ask_to_discuss(case: Case, *, by: User, at: datetime) -> DiscussionRequest:
    """Ask that the case is discussed. Raises MeetingError for one who is not on the roll, or is out of the case."""
    case = _asked_of(case, by)
    request = DiscussionRequest.objects.filter(case=case, person=by).first()
    if request is None:
        request = DiscussionRequest.objects.create(case=case, person=by, asked_at=at)
        tell("case.discussion_asked", case.meeting, by=by, at=at, subject=case, case=case.reference)
    return request


@act
def take_back_request(case: Case, *, by: User, at: datetime) -> None:
    """Take back one's own wish that the case is discussed."""
    case = _asked_of(case, by)
    gone, _rows = DiscussionRequest.objects.filter(case=case, person=by).delete()
    if gone:
        tell("case.discussion_taken_back", case.meeting, by=by, at=at, subject=case, case=case.reference)


def _asked_of(case: Case, by: User) -> Case:
    """The case as it is now, which ``by`` may ask to have discussed."""
    case = locked_case(case)
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er allerede ferdig behandlet.") % {"case": case.reference})
    if line_of(case.meeting, by) is None:
        raise MeetingError(_("Bare de som har plass i utvalget, kan be om at en sak drøftes."))
    require_in_case(by, case, _("be om at den drøftes"))
    return case
