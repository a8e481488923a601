"""The applicants write the contacts: to name a person shuts nobody out, and is a question that the person answers."""

import pytest

from applications.models import Contact
from evaluation.assessment.habilitet import Ground, Person, Roles, State, Tie, ties
from evaluation.assessment.queries.access import find_application
from evaluation.assessment.queries.habilitet import state_of
from evaluation.assessment.services import declaring
from portal.communities.queries import standing_at
from rounds.questions import gains_by_frame
from tests import factories
from tests.assessment import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]


@pytest.mark.parametrize(
    ("partners", "works", "is_strong"),
    [
        ((), {7}, False),
        (((7, "Nordlys"),), set(), False),
        (((7, "Nordlys"),), {8}, False),
        (((7, "Nordlys"),), {7}, True),
    ],
)
def test_an_address_is_a_strong_tie_for_one_who_belongs_to_an_applicant(partners, works, is_strong):
    roles = Roles(1, contact_emails=frozenset({"kari@example.org"}), partners=partners)
    person = Person(2, "Kari@example.org", organisation_ids=frozenset(works))
    tie = next(tie for tie in ties(roles, person) if tie.ground == Ground.CONTACT)
    assert tie == Tie(Ground.CONTACT, "er kontaktperson i saken", is_strong=is_strong)


@pytest.fixture
def naming(house, northern, at, frozen_clock):
    """An application that names the whole office as its contacts."""
    frozen_clock.move_to(at)
    application = world.sent(house, northern, at, status="submitted")
    for officer in (house.secretary, house.hospital_secretary):
        Contact.objects.create(partner=application.partners.first(), name=officer.name, email=officer.email)
    return application


def test_officers_who_are_named_answer_no_and_handle_the_application(house, naming, at):
    for officer in (house.secretary, house.hospital_secretary):
        assert find_application(officer, naming.code, at)[1].must_declare
        declaring.declare(naming, has_tie=False, by=officer, at=at)
        assert state_of(officer.pk, naming) == State.CLEAR


def test_an_officer_who_is_named_and_works_for_the_applicant_waits_for_others(house, naming, at):
    factories.affiliation(house.secretary, house.lead)
    declaring.declare(naming, has_tie=False, by=house.secretary, at=at)
    assert state_of(house.secretary.pk, naming) == State.PENDING


def test_naming_an_officer_takes_nobody_the_frame(house, naming, at):
    before = gains_by_frame(naming.round, standing_at(house.secretary, at))
    factories.affiliation(house.hospital_secretary, house.lead)
    assert (before, gains_by_frame(naming.round, standing_at(house.hospital_secretary, at))) == (False, True)
