"""Putting right what was entered wrongly in a resolution, between the meeting and its adopted minutes."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.meetings.models import Case, CaseStatus, MeetingStatus, Resolution, ResolutionVersion
from evaluation.meetings.queries.proposed import allocated_text, voted_text
from evaluation.meetings.reasons import ends_alike
from evaluation.meetings.services.balloting import require_possible, require_worded
from evaluation.meetings.services.framing import hold_frame, over_frame
from evaluation.meetings.services.locking import MeetingError, case_led_by, tell
from evaluation.meetings.services.reasoning import require_reasons
from portal.acts import act
from portal.cells import Base
from portal.communities.models import User
from portal.writing import require_unchanged
from rounds.outcomes import AWARDS

FIELDS = ("text", "outcome", "amount", "reason", "difference", "conditions", "over_frame_reason")


@act
def correct(
    resolution: Resolution,
    *,
    why: str,
    by: User,
    at: datetime,
    text: str = "",
    outcome: str = "",
    amount: int | None = None,
    reason: str = "",
    difference: str = "",
    conditions: str = "",
    over_frame_reason: str = "",
    base: Base | None = None,
) -> Resolution:
    """Put the resolution right; what it said is kept, and the minutes tell it with ``why``.

    Outcome and amount of a resolution that was voted on, and of a case that was not decided, stay as they are, and so
    does the text that was voted on (``voted_text``): another will is another case. Raises MeetingError unless the
    meeting is closed and its minutes not adopted, and as the acts that enter a resolution do; WrittenMeanwhileError
    when somebody else has put the same right since the page of ``base`` was opened.
    """
    hold_frame(resolution.case)
    case = case_led_by(by, resolution.case, at)
    if case.meeting.status != MeetingStatus.CLOSED:
        raise MeetingError(_("Et vedtak kan rettes når møtet er hevet og protokollen ikke er godkjent."))
    resolution = Resolution.objects.select_related("ballot").get(pk=resolution.pk)
    resolution.case = case
    before = {name: getattr(resolution, name) for name in FIELDS}
    if resolution.ballot or case.status != CaseStatus.DECIDED:
        outcome, amount = resolution.outcome, resolution.amount
    text = voted_text(resolution) or text
    typed = dict(zip(FIELDS, (text, outcome, amount, reason, difference, conditions, over_frame_reason), strict=True))
    after = _merged(resolution, case, typed, base, by)
    words, granted = after["over_frame_reason"], resolution.amount or 0
    after["over_frame_reason"] = over_frame(case, after["amount"], why=words, before=granted, by=by, at=at)
    if not why.strip():
        raise MeetingError(_("Skriv hva som var feil."))
    if case.status == CaseStatus.DECIDED:
        _require_sound(case, before, after, by, at)
    if after == before:
        raise MeetingError(_("Du har ikke endret noe i vedtaket."))
    ResolutionVersion.objects.create(
        resolution=resolution, content=before, why=why.strip(), changed_by=by, changed_at=at
    )
    Resolution.objects.filter(pk=resolution.pk).update(**after)
    data = {"case": case.reference, "why": why.strip(), "outcome": after["outcome"], "amount": after["amount"]}
    tell("case.corrected", case.meeting, by=by, at=at, subject=case, **data, before=before)
    return Resolution.objects.get(pk=resolution.pk)


def shown_of(resolution: Resolution, case: Case) -> dict[str, Any]:
    """What the resolution says, as its form shows it."""
    shown = {name: getattr(resolution, name) for name in FIELDS}
    return shown | {"text": allocated_text(case), "difference": resolution.difference or ""}


def _merged(resolution: Resolution, case: Case, typed: dict[str, Any], base: Base | None, by: User) -> dict[str, Any]:
    """What the resolution is to say: what was typed, and what others have put right where nothing was."""
    shown = shown_of(resolution, case)
    after = shown | require_unchanged(shown, typed, base, told=(case, "case.corrected"), by=by)
    if after["outcome"] not in AWARDS:
        after |= {"amount": None, "conditions": ""}
    return after


def _require_sound(case: Case, before: dict[str, Any], after: dict[str, Any], by: User, at: datetime) -> None:
    """Raise as the acts that enter a resolution do; the difference is kept only where there is one to tell.

    A difference that has no field yet is asked for when the outcome, or the end of the reason, is another.
    """
    require_possible(case, after["outcome"], after["amount"])
    require_worded(case, after["text"], after["outcome"], after["amount"])
    is_in_reason = before["difference"] is None and not after["difference"].strip()
    if is_in_reason and before["outcome"] == after["outcome"] and ends_alike(before["reason"], after["reason"]):
        after["difference"] = None
    words = after["reason"], after["difference"]
    after["difference"] = require_reasons(case, after["outcome"], after["amount"], *words, by=by, at=at)
