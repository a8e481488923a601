"""Who sits in a body for an organisation has a tie to its applications, though the person is not registered with it."""

import pytest
from django.db.models import Q
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.queries.must_answer import ids_to_answer, people_who_must_answer, titles_to_answer
from evaluation.assessment.queries.ties import takes_part, ties_of
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from portal.communities.models import Succession
from portal.communities.queries import standing_on
from tests import factories
from tests.assessment import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(house, application, at):
    """One who sits in the regional committee for the lead, and is registered nowhere else."""
    person = factories.user("Mia Member")
    factories.seat(house.committee, person)
    person.seats.update(organisation=application.lead_organisation_id)
    return person


def test_the_tie_is_weak_and_shown_where_one_answers(house, application, local, at, member, sign_in):
    (tie,) = ties_of(member, application, local_date(at))
    lead = application.partners.get(role="lead").name
    assert (tie.sentence, tie.is_strong) == (f"sitter i et utvalg for {lead}, som er part i saken", False)
    world.assign(application, local, member, house.secretary, at)
    page = sign_in(member).get(reverse("assessment:habilitet", args=[application.code])).content.decode()
    assert f"Du {tie.sentence}." in page


def test_a_seat_of_a_secretariat_for_an_employer_is_none(house, application, at, member):
    member.seats.update(body=house.secretariat)
    assert ties_of(member, application, local_date(at)) == ()


def test_an_officer_who_also_sits_for_a_partner_is_asked_first(house, application, at, member):
    """Each way to read it: the officer's own condition, the ids of a list, and the people of one application."""
    factories.seat(house.secretariat, member)
    day = local_date(at)
    standing = standing_on(member, day)
    assert titles_to_answer(standing, Q(pk=application.pk)) == [application.title]
    assert ids_to_answer(standing, most=9) == {application.pk}
    assert list(people_who_must_answer(application, [member.pk, house.chair.pk], day)) == [member]


def test_who_sits_for_the_successor_sits_for_the_one_before(house, application, at, member):
    day = local_date(at)
    successor = factories.organisation(community=house.community)
    member.seats.update(organisation=successor)
    Succession.objects.create(predecessor=house.lead, successor=successor, from_date=day, given_at=at)
    assert [tie.is_strong for tie in ties_of(member, application, day)] == [False]
    assert Application.objects.filter(takes_part(standing_on(member, day)), pk=application.pk).exists()


def test_the_tie_stands_beside_the_name_before_many_are_shared_out(house, application, local, sign_in):
    """The member sits in the SSU for the trust, which is a partner."""

    def row():
        page = sign_in(house.secretary).get(turn_url(local, "distribute")).text
        return next(row for row in page.split("<tr>") if house.member.name in row)

    assert "Svak tilknytning" in row()
    house.member.seats.update(organisation=None)
    assert "tilknytning" not in row()
