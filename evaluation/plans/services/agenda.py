"""The status of a plan comes before the SSU as a case, with its picture and its table (R136)."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings.models import Case, CaseKind, Meeting
from evaluation.meetings.services import planning
from evaluation.meetings.services.locking import locked_with_body
from evaluation.plans.documents import PLAN_STATUS
from evaluation.plans.models import Plan, StatusReport
from evaluation.plans.queries.plan_status import coming_meetings, report_of
from evaluation.plans.services.plan_text import PlanConflictError, PlanError, held_plan
from portal.acts import act
from portal.communities.models import User
from portal.documents.services import freeze
from portal.journal import services as journal


@act
def put_up_status(plan: Plan, meeting: Meeting, *, by: User, at: datetime) -> Case:
    """Put the status up as an information case of the meeting, frozen as it is now.

    Raises PlanError when the meeting is no coming one of the SSU or the plan has no version, and PlanConflictError
    when the meeting has the status of the plan already.
    """
    meeting = locked_with_body(meeting)
    plan = held_plan(plan)
    if not coming_meetings(plan.community_id, at).filter(pk=meeting.pk).exists():
        raise PlanError(_("Møtet er satt eller avlyst. Velg et møte som er planlagt."))
    earlier = StatusReport.objects.filter(plan=plan, case__meeting=meeting).select_related("case").first()
    if earlier:
        raise PlanConflictError(_("Statusen er allerede sak %(case)s i møtet.") % {"case": earlier.case.reference})
    report = report_of(plan, at)
    if report is None:
        raise PlanError(_("Planen er ikke vedtatt ennå."))
    case = planning.add_case(meeting, kind=CaseKind.INFORMATION, title=report.title, by=by, at=at)
    texts = {"title": report.title, "background": report.background, "facts": report.facts, "proposal": report.proposal}
    planning.write_paper(case, texts=texts, by=by, at=at)
    document = freeze(PLAN_STATUS, f"{plan.code} {case.pk}", report.data, tenant=plan.community, by=by, at=at)
    StatusReport.objects.create(plan=plan, case=case, document=document)
    journal.record("plan.status_put_up", subject=plan, by=by, at=at, community=plan.community, case=case.reference)
    return case
