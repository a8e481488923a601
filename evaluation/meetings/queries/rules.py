"""The rule and the quorum that hold in a case: those of the round's stage, else the body's own."""

from collections.abc import Collection

from evaluation.meetings.models import Case, CaseKind, CaseStatus, Meeting, MeetingStatus
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from portal.communities.models import Body
from rounds.models import Stage


def rules_of(case: Case | None, body: Body) -> DecisionRules:
    """How the body decides in the case, as it is now; without a case, the body's own.

    One query for a case that is about an application without a list, none when the list's stage is at hand.
    """
    stage = stage_of(case) if case else None
    return stage.decision_rules(body) if stage else body.decision_rules


def rules_text(case: Case) -> str:
    """How a decision case is or was decided, in words: what was kept with its resolution, else what is in force.

    Empty for a case that asks for no decision, and for what was resolved before the rules were kept.
    """
    if case.kind != CaseKind.DECISION:
        return ""
    if case.status == CaseStatus.DECIDED:
        return case.resolution.rules_text
    return decision_words.sentences(rules_of(case, case.body))


def in_session(body_ids: Collection[int]) -> set[int]:
    """Those of the bodies (ids) that have an open meeting."""
    open_meetings = Meeting.objects.filter(body__in=body_ids, status=MeetingStatus.OPEN)
    return set(open_meetings.values_list("body_id", flat=True))


def stage_of(case: Case) -> Stage | None:
    """The round's stage whose rules decide the case; None for a case that is no decision in a round."""
    if case.kind != CaseKind.DECISION:
        return None
    if case.priority_list:
        return case.priority_list.stage
    if case.recommendation:
        return case.recommendation.priority_list.stage
    return _stage_at_body(case) if case.application else None


def _stage_at_body(case: Case) -> Stage | None:
    """The last stage of the application's round that is this body's."""
    application = case.application
    if application is None:
        return None
    stages = application.round.stages.select_related("body").order_by("-position")
    return next((stage for stage in stages if stage.body_for(application.community) == case.body), None)
