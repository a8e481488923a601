"""A body grants more than is left of the frame only with a word of its own about it."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.queries.proposed import frame_of, is_passed_with_words
from evaluation.meetings.services.locking import MeetingError, WordsNeededError
from portal.acts import held
from portal.communities.models import User
from portal.communities.queries import standing_at
from rounds.models import Frame


class OverFrameError(WordsNeededError):
    """The award passes the frame, and nobody has said why."""


def hold_frame(case: Case) -> None:
    """Lock the frame of the case's application, before its meeting: of two that grant at once, one sees the other."""
    if case.application_id and case.priority_list_id:
        list(held(Frame.objects.filter(rounds__applications=case.application_id)))


def over_frame(case: Case, amount: int | None, *, why: str, before: int = 0, by: User, at: datetime) -> str:
    """Why the frame is passed: ``why`` when the award of so many kroner passes it, else nothing.

    ``before`` is what the case has granted already. Raises OverFrameError when it passes the frame without a reason.
    One to whom a case under the frame is closed is not asked, since the question tells of that case: the next who acts
    and sees the frame is asked, at the latest when the minutes are adopted. What was said before is kept, but never of
    a resolution without an amount.
    """
    if not _sees_frame(case, by, at):
        return why.strip() if amount else ""
    if not passed_by(case, amount, before=before, user=by, at=at):
        return ""
    if not why.strip():
        # No amount: whoever is shut out of another case would read from it what that case was granted.
        raise OverFrameError(_("Vedtaket går over rammen. Skriv hvorfor utvalget likevel gjør det."))
    return why.strip()


def passed_by(case: Case, amount: int | None, *, before: int = 0, user: User, at: datetime) -> int:
    """By how many kroner an award passes the frame of the case; 0 when it does not, is none, or is not for the user."""
    frame = frame_of(case) if amount else None
    if frame is None or not _sees_frame(case, user, at):
        return 0
    return frame.after((amount or 0) - before).over


def _sees_frame(case: Case, user: User, at: datetime) -> bool:
    """Whether no case under the frame is closed to the person; without a list there is no frame."""
    return case.priority_list is None or not is_out_under_frame(case.priority_list.round, standing_at(user, at))


def require_within_frames(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Raise MeetingError when the meeting's awards pass a frame, and no body has said why; see ``over_frame``."""
    awards = meeting.cases.filter(resolution__amount__isnull=False, priority_list__isnull=False)
    one_of_each = {
        case.priority_list_id: case
        for case in awards.select_related("priority_list__round__frame").order_by("position", "number")
    }
    for case in one_of_each.values():
        frame = frame_of(case) if _sees_frame(case, by, at) else None
        if frame and frame.over and case.priority_list and not is_passed_with_words(case.priority_list.round):
            raise MeetingError(
                _("Vedtakene går over rammen. Rett vedtaket i sak %(case)s, og skriv hvorfor utvalget gjør det.")
                % {"case": case.reference}
            )
