"""Which funded projects stand at a measure, and to whom."""

import pytest

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.followup.services import accepting
from evaluation.plans.models import Measure
from evaluation.plans.queries.projects import projects_of
from portal.communities.queries import standing_at
from rounds.answering.models import Answer
from tests.followup import world as projects
from tests.plans import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def measure(house, plan, now):
    """A measure that the applicants of a granted project have ticked; the award is decided and not told."""
    decision = projects.awarded(house)
    asked = next(
        question for question in decision.application.round.spec.questions if getattr(question, "taxonomy", "")
    )
    plan.taxonomy = asked.taxonomy
    plan.save(update_fields=["taxonomy"])
    measure = world.measures(plan)[0]
    Measure.objects.filter(pk=measure.pk).update(code="ticked")
    application = Application.objects.get(pk=decision.application_id)
    Answer.objects.update_or_create(
        response_id=application.response_id,
        question=asked.code,
        defaults={"value": {"values": ["ticked"]}, "updated_by": house.applicant, "updated_at": now},
    )
    world.adopted(house, plan, now)
    measure.decision = decision
    return measure


@pytest.mark.requirement("R63", "R136")
def test_a_funded_project_stands_at_its_measure_when_its_applicants_know_of_it(house, plan, measure, now, client):
    title = measure.decision.application.title
    client.force_login(house.chair)
    assert title not in client.get(plan.get_absolute_url()).text
    projects.tell(house, measure.decision)
    for url in (plan.get_absolute_url(), measure.get_absolute_url()):
        page = client.get(url).text.replace("\N{NO-BREAK SPACE}", " ")
        assert f"{title}, 1 000 000 kr" in page
        client.logout()
        assert title not in client.get(url).text
        client.force_login(house.far_secretary)
        assert title not in client.get(url).text
        client.force_login(house.chair)


def test_a_project_that_is_closed_to_a_person_stands_at_no_measure(house, plan, measure, now, client):
    projects.tell(house, measure.decision)
    words = {"is_recused": True, "decided_by": house.secretary, "decided_at": now, "decided_ground": "other"}
    application = measure.decision.application
    Habilitet.objects.create(application=application, person=house.chair, reason="Nær.", **words)
    client.force_login(house.chair)
    for url in (plan.get_absolute_url(), measure.get_absolute_url()):
        assert application.title not in client.get(url).text


def test_an_award_that_was_declined_is_no_project(house, plan, measure, now, client):
    projects.tell(house, measure.decision)
    accepting.decline(measure.decision, reason="Ingen kan lede det.", by=house.applicant, at=now)
    client.force_login(house.secretary)
    for url in (plan.get_absolute_url(), measure.get_absolute_url()):
        assert measure.decision.application.title not in client.get(url).text


def test_the_projects_of_a_plan_are_three_queries(house, plan, measure, now, django_assert_num_queries):
    projects.tell(house, measure.decision)
    plan.refresh_from_db()
    standing = standing_at(house.secretary, now)
    with django_assert_num_queries(3):
        assert [project.amount for project in projects_of(plan, standing)["ticked"]] == [1_000_000]
