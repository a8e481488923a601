"""A sent evaluation comes before the body as a case (R140), in its next planned meeting."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.followup.models import EvaluationReport
from evaluation.meetings.models import Case, CaseKind, Meeting, MeetingStatus
from evaluation.meetings.services import planning
from evaluation.meetings.services.locking import locked, locked_with_body
from portal.acts import act, held
from portal.communities.models import Body, User
from portal.errors import ConflictError, DomainError
from portal.formats import grouped
from portal.jobs.services import going_on
from portal.journal import services as journal
from portal.language import in_bokmaal


class NoMeetingError(DomainError):
    """The body has no planned meeting to put the case up in."""


class CasePutUpError(ConflictError):
    """The evaluation is a case already."""


def next_meeting(report: EvaluationReport, at: datetime) -> Meeting | None:
    """The next planned meeting of the body that the round's evaluations go to."""
    application = report.acceptance.decision.application
    body = application.round.report_body(application.community)
    planned = Meeting.objects.filter(body=body, status=MeetingStatus.PLANNED, starts_at__gte=at)
    return planned.select_related("body").order_by("starts_at").first() if body else None


def hold_next_meeting(report: EvaluationReport, at: datetime) -> Meeting | None:
    """As ``next_meeting``, with the body and the meeting held, in that order, until the act is done.

    Whoever has the application to change as well asks for this first: see «Lock order» in docs/decisions.md.
    """
    application = report.acceptance.decision.application
    body = application.round.report_body(application.community)
    if body is None:
        return None
    # While the body is held, nobody opens its meetings.
    held(Body.objects.filter(pk=body.pk)).get()
    meeting = next_meeting(report, at)
    if meeting is None:
        return None
    meeting = locked(meeting.pk)
    # Somebody may have moved the meeting before it was locked: then the evaluation waits for the next meeting.
    return meeting if meeting.status == MeetingStatus.PLANNED and meeting.starts_at >= at else None


@act
def put_up_case(report: EvaluationReport, *, by: User, at: datetime, meeting: Meeting | None = None) -> Case:
    """Put the evaluation up as an information case, with what it says as facts; in the next meeting, or in one held.

    Raises NoMeetingError when no meeting is planned, CasePutUpError when it is a case already.
    """
    meeting = meeting or next_meeting(report, at)
    if meeting is None:
        raise NoMeetingError(_("Utvalget har ikke noe planlagt møte. Planlegg møtet først."))
    meeting = locked_with_body(meeting)
    if EvaluationReport.objects.filter(pk=report.pk).exclude(case=None).exists():
        raise CasePutUpError(_("Evalueringen er allerede ført opp som sak."))
    application = report.acceptance.decision.application
    title, facts, proposal = _paper(report)
    case = planning.add_case(
        meeting,
        kind=CaseKind.INFORMATION,
        title=title[:200],
        by=by,
        at=at,
        requested_by=application.community.name,
        application=application,
    )
    case.paper.facts, case.paper.proposal = facts, proposal
    case.paper.save(update_fields=["facts", "proposal"])
    # Locked after the body and the meeting.
    EvaluationReport.objects.filter(pk=report.pk, case=None).update(case=case)
    journal.record(
        "evaluation.raised", subject=application, by=by, at=at, community=application.tenant, case=case.reference
    )
    return case


@in_bokmaal
def _paper(report: EvaluationReport) -> tuple[str, str, str]:
    """The case's title, the evaluation in short as the paper's facts, and the proposal."""
    title = _("Evaluering: %(title)s") % {"title": report.acceptance.decision.application.title}
    sent = report.snapshot or {}
    lines = [
        _("Innvilget: %(granted)s kr. Brukt: %(spent)s kr.")
        % {"granted": grouped(sent["granted"]), "spent": grouped(sent["spent"])}
    ]
    lines += [f"- {row['benefit']}: {row['actual_text'] or row['actual'] or '–'}" for row in sent["benefits"]]
    return title, "\n".join(lines), _("Utvalget tar evalueringen til orientering.")


def put_up_waiting(at: datetime) -> int:
    """Put up every sent evaluation that waited for its body to plan a meeting; how many were put up."""
    waiting = EvaluationReport.objects.filter(submitted_at__isnull=False, case=None).select_related(
        "acceptance__decision__application__round", "acceptance__decision__application__community", "submitted_by"
    )
    count = 0
    for report in waiting:
        with going_on(f"putting up the evaluation {report.pk}"):
            if report.submitted_by and next_meeting(report, at):
                put_up_case(report, by=report.submitted_by, at=at)
                count += 1
    return count
