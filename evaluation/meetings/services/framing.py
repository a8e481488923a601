"""A body grants more than is left of the frame only with a word of its own about it."""

from django.utils.translation import gettext as _

from evaluation.meetings.models import Case
from evaluation.meetings.queries.proposed import frame_of
from evaluation.meetings.services.locking import WordsNeededError
from portal.acts import held
from rounds.models import Frame


class OverFrameError(WordsNeededError):
    """The award passes the frame, and nobody has said why."""


def hold_frame(case: Case) -> None:
    """Lock the frame of the case's application, before its meeting: of two that grant at once, one sees the other."""
    if case.application_id and case.priority_list_id:
        list(held(Frame.objects.filter(rounds__applications=case.application_id)))


def over_frame(case: Case, amount: int | None, *, why: str, before: int = 0) -> str:
    """Why the frame is passed: ``why`` when the award of so many kroner passes it, else nothing.

    ``before`` is what the case has granted already. Raises OverFrameError when it passes the frame without a reason.
    """
    over = passed_by(case, amount, before=before)
    if not over:
        return ""
    if not why.strip():
        # No amount: whoever is shut out of another case would read from it what that case was granted.
        raise OverFrameError(_("Vedtaket går over rammen. Skriv hvorfor utvalget likevel gjør det."))
    return why.strip()


def passed_by(case: Case, amount: int | None, *, before: int = 0) -> int:
    """By how many kroner an award passes the frame of the case; 0 when it does not, or is none."""
    frame = frame_of(case) if amount else None
    return frame.after((amount or 0) - before).over if frame else 0
