"""The minutes: edited, adopted and frozen."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.meetings.documents import MINUTES
from evaluation.meetings.models import Case, CaseStatus, Meeting, MeetingStatus, Minutes
from evaluation.meetings.queries.habilitet import closed_in_minutes
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.proposed import Equal, equals_of_all
from evaluation.meetings.services.balloting import require_worded
from evaluation.meetings.services.framing import require_within_frames
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError, locked, tell, tell_written
from evaluation.meetings.services.reasoning import require_reasons
from evaluation.meetings.services.stepping_aside import keep_secretary
from portal.acts import act
from portal.cells import Base, Merge
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.documents import services as documents
from portal.errors import ChangedError
from portal.snapshots import changed
from portal.writing import merged

REMARKS = "remarks"
REMARKS_WRITTEN = "minutes.written"


@act
def write_remarks(
    minutes: Minutes,
    *,
    texts: Mapping[str, str],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Write what the meeting's own records do not say: ``remarks``, the one of the ``texts``; see portal/writing.py.

    Raises MeetingError when the minutes are adopted, and when a case in them is closed to ``by``.
    """
    meeting = locked(minutes.meeting_id)
    if closed_in_minutes(standing_at(by, at), meeting):
        raise MeetingError(_("Protokollen har en sak som er stengt for deg. En annen må skrive merknadene."))
    minutes.refresh_from_db()
    if minutes.is_adopted:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    merge = merged({"remarks": minutes.remarks}, texts, base)
    minutes.remarks = merge.changes.get("remarks", minutes.remarks)
    minutes.save(update_fields=["remarks"])
    tell_written(REMARKS_WRITTEN, meeting, merge, quietly=quietly, by=by, at=at)
    return merge


@act
def adopt(minutes: Minutes, *, by: User, at: datetime, shown: str | None = None) -> Minutes:
    """Freeze the minutes with their SHA-256 and have the PDF made; from now on the decisions can be carried out.

    Raises MeetingError unless the meeting is closed, UnsoundError while a resolution lacks a reason, or says something
    else than was decided, and MeetingError when the awards pass a frame without a word about it; of two who adopt at
    once, one does. ``shown`` is the sums of ``parts`` on the page that the person pressed the button of: raises
    ChangedError when the minutes say something else than that page.
    """
    meeting = locked(minutes.meeting_id)
    if not meeting.is_over:
        raise MeetingError(_("Hev møtet før protokollen godkjennes."))
    _require_sound(meeting, by, at)
    require_within_frames(meeting, by=by, at=at)
    minutes.refresh_from_db()
    if shown is not None and not minutes.is_adopted:
        closed = closed_in_minutes(standing_at(by, at), meeting)
        _require_shown(shown, minutes_content(meeting, minutes.remarks), closed)
    won = Meeting.objects.filter(pk=meeting.pk, status=MeetingStatus.CLOSED).update(status=MeetingStatus.ADOPTED)
    if not won:
        raise MeetingConflictError(_("Protokollen er allerede godkjent."))
    keep_secretary(meeting, by, at)
    content = {
        **minutes_content(meeting, minutes.remarks),
        "adopted_at": at.isoformat(),
        "adopted_by": by.name,
    }
    subject = f"{meeting.body.code}/{meeting.pk}"
    minutes.document = documents.freeze(MINUTES, subject, content, tenant=meeting.body.tenant, by=by, at=at)
    minutes.adopted_by, minutes.adopted_at = by, at
    minutes.save(update_fields=["document", "adopted_by", "adopted_at"])
    tell("minutes.adopted", meeting, by=by, at=at, subject=minutes, sha256=minutes.sha256)
    return minutes


def parts(content: Mapping[str, Any], closed: Collection[int]) -> dict[str, Any]:
    """What the page showed of the minutes, part by part: each case by its id, then the remarks and who was there.

    Without the cases (ids) that are ``closed`` to the person: the sum of one would tell whether a guess at it is right.
    """
    # The code of its application is the case's for good.
    cases = {
        str(case["id"]): {name: value for name, value in case.items() if name != "application"}
        for case in content["cases"]
        if case["id"] not in closed
    }
    # What may name a closed case is hidden from the page, too (``queries.minutes.shown``).
    hidden = {"cases", REMARKS} | ({"meeting_reopenings"} if closed else set())
    remarks = {} if closed else {REMARKS: content[REMARKS]}
    return {**cases, **remarks, "meeting": {key: value for key, value in content.items() if key not in hidden}}


def _require_shown(shown: str, content: Mapping[str, Any], closed: Collection[int]) -> None:
    """Raise ChangedError, which names what is new, unless the minutes say what the page showed."""
    new = changed(shown, parts(content, closed))
    if new and not shown:
        raise ChangedError(_("Se over protokollen slik den er nå, før du godkjenner den."))
    if new:
        names = {str(case["id"]): _("sak %(case)s") % {"case": case["reference"]} for case in content["cases"]}
        names[REMARKS] = _("merknadene")
        what = dict.fromkeys(names.get(key) or _("møtet") for key in new)
        said = _("Protokollen er endret siden du så den: %(what)s. Se over den slik den er nå, før du godkjenner den.")
        raise ChangedError(said % {"what": ", ".join(what)})


class UnsoundError(MeetingError):
    """Resolutions that must be put right before the minutes are adopted: ``lines``, each case with what is wrong."""

    def __init__(self, lines: Sequence[tuple[Case, str]]) -> None:
        said = (_("Sak %(case)s: %(why)s") % {"case": case.reference, "why": why} for case, why in lines)
        super().__init__(" ".join(said))
        self.lines = tuple(lines)


def _require_sound(meeting: Meeting, by: User, at: datetime) -> None:
    """Raise UnsoundError with the cases whose resolution lacks a reason, or says something else than was decided.

    Of a case that is closed to ``by`` only that something is wrong: the sentence may hold the amount.
    """
    decided = meeting.cases.filter(status=CaseStatus.DECIDED)
    related = ("resolution", "meeting__body", "application", "recommendation", "paper", "priority_list__stage")
    cases = list(decided.select_related(*related).order_by("position", "number"))
    standing, lines = standing_at(by, at), []
    closed, equals = closed_in_minutes(standing, meeting), equals_of_all(cases, standing)
    for case in cases:
        if wrong := _wrong_with(case, equals.get(case.pk, []), by, at):
            hidden = _("Vedtaket må rettes av noen som saken ikke er stengt for.")
            lines.append((case, hidden if case.pk in closed else wrong))
    if lines:
        raise UnsoundError(lines)


def _wrong_with(case: Case, equal: Sequence[Equal], by: User, at: datetime) -> str:
    resolution = case.resolution
    try:
        require_worded(case, resolution.text, resolution.outcome, resolution.amount)
        words = resolution.reason, resolution.difference
        require_reasons(case, resolution.outcome, resolution.amount, *words, by=by, at=at, equal=equal)
    except MeetingError as wrong:
        return str(wrong)
    return ""
