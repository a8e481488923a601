"""Taking a case, or the cases of a list, off an agenda until the meeting is set."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from evaluation.assessment.models import Habilitet, HabilitetStep, PriorityList
from evaluation.meetings.models import Case, CaseAttachment, Meeting, NumberSeries
from evaluation.meetings.queries.agenda import goes_with
from evaluation.meetings.queries.habilitet import is_out_of_list
from evaluation.meetings.questions import told_of_taken_off
from evaluation.meetings.services.attachments import forget_unheld
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    locked_with_body,
    require_in_case,
    require_planned,
    require_sees_whole,
    tell,
)
from portal.acts import act, held, upsert
from portal.communities.models import Body, User


@act
def take_off(case: Case, *, reason: str, by: User, at: datetime) -> Sequence[str]:
    """Take the case off the agenda, and with a case of a list all of that list; gives their numbers.

    The cases, their papers and their attachments are gone, and their numbers are not given again. The list can be put
    up again or opened, and a postponed case that was taken up again waits as before. Raises MeetingError without a
    reason, when the meeting is set, and when ``by`` is out of one of the cases; MeetingConflictError when somebody has
    taken it off already.
    """
    if not reason.strip():
        raise MeetingError(_("Skriv hvorfor saken tas av sakslisten."))
    held(Body.objects.filter(pk=case.body_id)).get()
    if case.priority_list_id:
        held(PriorityList.objects.filter(pk=case.priority_list_id)).get()
    meeting = locked_with_body(case.meeting)
    require_planned(meeting, _("Møtet er satt. Da utsettes saken i møtet i stedet."))
    _require_inside(case, by, at)
    cases = list(goes_with(case))
    if not cases:
        raise MeetingConflictError(_("Saken er allerede tatt av sakslisten."))
    _keep_numbers(meeting, cases)
    told_of_taken_off(cases, reason.strip(), by, at)
    ids = [one.pk for one in cases]
    for rows in (Habilitet, HabilitetStep):
        rows.objects.filter(case_id__in=ids).delete()
    attached = [row.file for row in CaseAttachment.objects.filter(case__in=ids).select_related("file")]
    Case.objects.filter(pk__in=ids).delete()
    forget_unheld(attached)
    left = list(meeting.cases.order_by("position", "number"))
    for position, one in enumerate(left, start=1):
        one.position = position
    Case.objects.bulk_update(left, ["position"], batch_size=500)
    references = [one.reference for one in cases]
    if meeting.called_at:
        told = [one.reference for one in cases if one.created_at <= meeting.called_at]
        gone = ", ".join(filter(None, (meeting.taken_off_since_call, *told)))
        Meeting.objects.filter(pk=meeting.pk).update(taken_off_since_call=gone)
    tell("case.taken_off", meeting, by=by, at=at, cases=", ".join(references), reason=reason.strip())
    return references


def _require_inside(case: Case, by: User, at: datetime) -> None:
    require_in_case(by, case, _("ta den av sakslisten"))
    require_sees_whole(by, case, at)
    if case.priority_list and is_out_of_list(by.pk, case.priority_list):
        raise MeetingError(_("Du er inhabil i en sak på listen. En annen i sekretariatet må ta den av sakslisten."))


def _keep_numbers(meeting: Meeting, cases: Sequence[Case]) -> None:
    """Keep the highest number of each year, since the members may have been told of it."""
    for year in {one.year for one in cases}:
        highest = meeting.body.cases.filter(year=year).aggregate(highest=Max("number"))["highest"]
        upsert(NumberSeries.objects.all(), {"body": meeting.body, "year": year}, {"highest": highest})
