"""Applications that have been sent, and people who assess them: short ways to where this room's tests start."""

from datetime import timedelta
from decimal import Decimal

from applications import snapshot
from applications.models import Application, Partner, PartnerRole
from applications.services import status
from evaluation.assessment.models import Recommendation, Result, Task
from evaluation.assessment.queries import turns
from evaluation.assessment.services import assessing, assigning, declaring, freezing, prioritising
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.turn import Turn
from portal.clock import local_date
from rounds.outcomes import Outcome
from tests import documents, factories, stages


def sent(home, of_round, at, *, status="admitted", amount=450_000, title="", stage="", **fields):
    """An application to the house's helsefellesskap with a lead and a partner, sent and frozen in one version."""
    fields.setdefault("community", home.community)
    application = Application.objects.create(
        response=factories.response(),
        round=of_round,
        title=title or f"Prosjekt {factories.number()}",
        status=status,
        requested_amount=amount,
        created_by=fields.pop("created_by", home.applicant),
        created_at=at,
        updated_at=at,
        submitted_at=at,
        **fields,
    )
    Partner.objects.create(application=application, organisation=home.lead, role=PartnerRole.LEAD)
    Partner.objects.create(application=application, organisation=home.trust, position=1)
    stages.enter(application, at, stage=stage)
    freeze(application, at)
    return application


def freeze(application, at):
    """The next version, as it would have been sent."""
    version = application.submissions.count() + 1
    return documents.submission(application, snapshot.content(application), version=version, at=at)


def turn(of_round, stage=None, community=None):
    """The turn of a stage (the first, if not named) at the helsefellesskap; none is the region."""
    in_order = of_round.stages.select_related("body").order_by("position")
    return Turn(of_round, in_order.get(code=stage) if stage else in_order[0], community)


def given(of_turn, points=3, reason="Godt begrunnet.", **by_code):
    """Points and a reason for every criterion; ``by_code`` gives some of them their own ``Given``."""
    same_for_all = {
        item.code: Given(Decimal(points) if item.kind == "scored" else None, reason=reason) for item in of_turn.judged
    }
    return same_for_all | by_code


def assign(application, of_turn, assessor, by, at, days=10):
    """Give the application to an assessor who then says to be habil."""
    due = local_date(at) + timedelta(days=days)
    assignment = assigning.assign(application, of_turn, assessor, due_date=due, by=by, at=at)
    declaring.declare(application, has_tie=False, by=assessor, at=at)
    return assignment


def deliver(application, of_turn, assessor, at, points=3, by=None, **by_code):
    """A delivered assessment with the same points on everything."""
    assign(application, of_turn, assessor, by or application.created_by, at)
    assessment = assessing.begin(application, of_turn, by=assessor, at=at)
    marks = given(of_turn, points, **by_code)
    return assessing.deliver(assessment, of_turn, marks, comment="", by=assessor, at=at)


def result(application, stage, *, total, must_discuss=False, **more):
    """The result of assessments that nobody has given, written as ``results.rebuild`` writes it."""
    more = {"community": application.community, "delivered": 1, **more}
    Result.objects.create(application=application, stage=stage, total=total, must_discuss=must_discuss, **more)
    status.score(application, stage, total=total, must_discuss=must_discuss)


def row(of_turn, application):
    """The application's row on the board."""
    return Recommendation.objects.get(priority_list__stage=of_turn.stage, application=application)


def recommend(of_turn, application, by, at, outcome=Outcome.GRANTED, amount=None, reason="Svarer godt.", **more):
    """The recommendation for an application that is on the board."""
    recommendation = row(of_turn, application)
    texts = {"outcome": outcome, "amount": amount, "reason": reason, **more}
    prioritising.recommend(recommendation, of_turn, texts=texts, by=by, at=at)
    return recommendation


def do_tasks(of_turn, by, at):
    """The stage's other tasks recorded."""
    for task in of_turn.tasks:
        if task != Task.PRIORITISE:
            prioritising.record_task(of_turn, task, "SSU 10.03.2025", by=by, at=at)


def frozen(of_turn, by, at):
    """Everything under assessment recommended in full, and the list frozen."""
    prioritising.set_up(of_turn, by=by, at=at)
    for application in turns.assessable(of_turn):
        recommend(of_turn, application, by, at)
    do_tasks(of_turn, by, at)
    return freezing.freeze(of_turn, by=by, at=at)
