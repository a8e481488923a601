"""An assessor who had not delivered when the list was locked: the case is not closed to the person any more."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Q
from django.urls import reverse

from applications.services.status import advance
from evaluation.assessment.models import Assessment, Assignment
from evaluation.assessment.permissions import can_recommend
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.access import list_access
from evaluation.assessment.queries.closed import closed_ids
from evaluation.assessment.services import assessing, assigning, forwarding, freezing
from evaluation.assessment.turn import score_url, turn_url
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A3", "B6"), pytest.mark.usefixtures("frozen_clock")]
REASON = "Ord som bare står i en annens vurdering."


@worlds.world
def locked(house, application, local, secretary, at):
    """A locked list: one has delivered, an officer and a member have a draft each, one is inhabil."""
    world.deliver(
        application, local, house.assessor, at, by=secretary, purpose=assessing.Given(Decimal(3), reason=REASON)
    )
    for person in (house.hospital_secretary, house.member):
        world.assign(application, local, person, secretary, at)
        assessing.begin(application, local, by=person, at=at)
    assigning.assign(application, local, house.chair, due_date=local_date(at), by=secretary, at=at)
    decide_about(application, house.chair, is_recused=True, ground="party", reason="Part.", by=secretary, at=at)
    return world.frozen(local, secretary, at)


def closed(person, application, at):
    return closed_ids(standing_at(person, at), Q(pk=application.pk)) != set()


def unlock(local, by, at):
    freezing.unlock(local, reason="Feil beløp.", by=by, at=at)


def test_the_locked_list_and_the_points_are_open_to_one_who_had_not_delivered(
    house, locked, application, local, at, frozen_clock, sign_in
):
    frozen_clock.move_to(at)
    officer = house.hospital_secretary
    assert (closed(officer, application, at), closed(house.chair, application, at)) == (False, True)
    assert not list_access(officer, locked, now=at).closed
    client = sign_in(officer)
    assert REASON in client.get(reverse("assessment:detail", args=[application.code])).text
    assert REASON in sign_in(house.member).get(reverse("assessment:detail", args=[application.code])).text
    assert sign_in(officer).get(turn_url(local, "forward")).status_code == 200


def test_until_the_list_is_locked_the_points_of_others_are_closed(house, application, local, secretary, at):
    world.assign(application, local, house.member, secretary, at)
    assert closed(house.member, application, at)


def test_the_unlocking_takes_off_who_could_read_the_points(
    house, locked, application, local, secretary, at, frozen_clock, sign_in
):
    frozen_clock.move_to(at)
    client, names = sign_in(secretary), sorted([house.hospital_secretary.name, house.member.name])
    page = client.get(turn_url(local, "unlock")).text
    assert (f"{names[0]} (1), {names[1]} (1)." in " ".join(page.split()), "blir de tatt av" in page) == (True, True)
    unlock(local, secretary, at)
    # Who had delivered, and who is inhabil and could read nothing, stay.
    assert set(Assignment.objects.values_list("assessor", flat=True)) == {house.assessor.pk, house.chair.pk}
    draft = Assessment.objects.get(assessor=house.member)
    with pytest.raises(assessing.NotAssignedError):
        assessing.deliver(draft, local, world.given(local, 2), comment="", by=house.member, at=at)
    assert sign_in(house.member).post(score_url(application, local.stage)).status_code == 404
    told = LogEntry.objects.filter(act="assessment.lapsed").order_by("number")
    assert sorted(row.data["assessor"] for row in told) == sorted([house.hospital_secretary.pk, house.member.pk])
    said = sign_in(secretary).get(reverse("assessment:assessors", args=[application.code])).text
    assert f"{names[0]}, {names[1]} hadde ikke levert da listen ble låst" in " ".join(said.split())


@pytest.mark.parametrize("count", [1, 2])
def test_who_is_taken_off_is_told_in_one_mail(house, northern, local, secretary, at, count):
    titles = [f"Sak {number}" for number in range(count)]
    for title in titles:
        application = world.sent(house, northern, at, title=title)
        world.deliver(application, local, house.assessor, at, by=secretary)
        world.assign(application, local, house.member, secretary, at)
    world.frozen(local, secretary, at)
    assert not Message.objects.filter(kind="assessment_lapsed").exists()
    unlock(local, secretary, at)
    told = Message.objects.get(kind="assessment_lapsed")
    subject = f"Du er tatt av {'en søknad' if count == 1 else '2 søknader'} du skulle vurdere"
    assert (told.recipient, told.title) == (house.member.email, subject)
    assert [title for title in titles if f"- {title}\n" in told.body_text] == titles


def test_who_read_the_points_and_became_inhabil_later_is_taken_off(
    house, locked, application, local, secretary, at, frozen_clock
):
    """Found habil after all, the person could have delivered with the points of others in mind."""
    later = at + timedelta(hours=1)
    frozen_clock.move_to(later)
    decide_about(application, house.member, is_recused=True, ground="party", reason="Part.", by=secretary, at=later)
    unlock(local, secretary, later)
    assert not Assignment.objects.filter(assessor=house.member).exists()
    assert Assignment.objects.filter(assessor=house.chair).exists()


def test_a_case_given_anew_is_assessed_from_the_draft(house, locked, application, local, secretary, at, sign_in):
    unlock(local, secretary, at)
    assigning.assign_evenly(local, [house.member], each=2, due_date=local_date(at), by=secretary, at=at)
    assert not Assignment.objects.filter(assessor=house.member).exists()
    assigning.assign(application, local, house.member, due_date=local_date(at), by=secretary, at=at)
    assert closed(house.member, application, at)
    draft = Assessment.objects.get(assessor=house.member)
    assert assessing.begin(application, local, by=house.member, at=at) == draft
    assert assessing.deliver(draft, local, world.given(local, 2), comment="", by=house.member, at=at).delivered_at
    said = sign_in(secretary).get(reverse("assessment:assessors", args=[application.code])).text
    assert f"{house.hospital_secretary.name} hadde ikke levert da listen ble låst" in " ".join(said.split())


def test_a_withdrawn_application_waits_for_nobody(house, application, local, secretary, at):
    world.assign(application, local, house.member, secretary, at)
    advance(application, "withdraw", by=house.applicant, at=at)
    assert not closed(house.member, application, at)


def test_the_way_leads_to_the_stage_that_waits_for_the_assessment(house, locked, application, local, regional, at):
    """The officer at home is to assess the application in the region's stage, which the list at home is not of."""
    forwarding.forward(local, by=house.secretary, at=at)
    application.refresh_from_db()
    officer, region = house.hospital_secretary, house.regional_secretary
    assigning.assign(application, regional, officer, due_date=local_date(at), by=region, at=at)
    verdict = can_recommend(officer, application, locked, now=at)
    assert verdict.first.url == score_url(application, regional.stage)
    assert turns.priority_list_of(local) == locked
