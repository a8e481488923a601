"""Who is asked to sign and to accept: those who may, also for one that has ended, and nobody out of the case."""

from datetime import timedelta

import pytest

from applications.models import Contact
from applications.queries.signatories import signatories_in, signatories_of
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.decisions.services.letters import _acceptors
from evaluation.followup.queries import acceptors
from evaluation.followup.reminders import acceptances
from portal.clock import local_date
from portal.communities.models import Affiliation, Succession
from portal.communities.services import succession
from tests import factories
from tests.followup.world import told
from tests.world import NOW

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def merged(house):
    """The municipality in which the lead goes on from today, with one who may sign."""
    municipality = factories.organisation(name="Nye Tromsø kommune", community=house.community)
    succession.end_organisation(house.lead, YESTERDAY, [municipality], by=house.secretary, at=NOW)
    factories.affiliation(factories.user("Ny Signatar", email="ny@example.org"), municipality, may_sign=True)
    factories.affiliation(factories.user("Ny Rådgiver"), municipality)
    return municipality


def out_of_case(application, person, at):
    """The person is inhabil in the application since then."""
    Habilitet.objects.create(
        application=application,
        person=person,
        is_recused=True,
        decided_ground=Ground.OTHER,
        decided_at=at,
        decided_by=application.created_by,
        raised_by=application.created_by,
        raised_at=at,
    )


def asked(application, day=TODAY):
    """Who may sign for each partner, by the page and by the reminders, which agree."""
    partners = list(application.partners.select_related("organisation"))
    names = {partner.pk: partner.organisation_id for partner in partners}
    page = {(row.acts_for, row.user.email) for row in signatories_in(application, partners, day)}
    mails = {(names[pk], email) for pk, emails in signatories_of(partners, day).items() for email in emails}
    assert page == mails
    return page


def test_those_who_go_on_with_an_organisation_sign_for_it(house, merged):
    application = told(house).application
    of_lead = {email for organisation, email in asked(application) if organisation == house.lead.pk}
    assert of_lead == {"ny@example.org"}
    before = {email for organisation, email in asked(application, YESTERDAY) if organisation == house.lead.pk}
    assert before == {house.signatory.email, house.recused_member.email}


def test_a_partner_that_goes_on_with_another_signs_for_both(house):
    application = told(house).application
    application.partners.exclude(organisation=house.lead).update(organisation=house.partner)
    succession.end_organisation(house.lead, YESTERDAY, [house.partner], by=house.secretary, at=NOW)
    both = {organisation for organisation, email in asked(application) if email == house.partner_signatory.email}
    assert both == {house.lead.pk, house.partner.pk}


def test_they_are_asked_to_accept_and_named(house, merged):
    application = told(house).application
    Contact.objects.all().delete()
    (waiting,) = acceptances(TODAY)
    assert waiting.recipients == ("ny@example.org",)
    assert acceptors(application, TODAY) == _acceptors(application, TODAY)["acceptors"] == ["Ny Signatar"]


@pytest.mark.fault("A1")
@pytest.mark.parametrize("is_later", [True, False])
def test_nobody_out_of_the_case_is_asked_by_a_later_right(is_later, house):
    application = told(house).application
    affiliation = Affiliation.objects.filter(user=house.signatory)
    affiliation.update(signing_given_at=NOW)
    factories.affiliation(house.signatory, house.lead, from_date=YESTERDAY, title="Annen stilling")
    out_of_case(application, house.signatory, NOW - timedelta(days=1) if is_later else NOW + timedelta(days=1))
    emails = {email for _organisation, email in asked(application)}
    assert (house.signatory.email in emails, house.recused_member.email in emails) == (not is_later, True)
    (waiting,) = acceptances(TODAY)
    assert (house.signatory.email in waiting.recipients) is not is_later


@pytest.mark.fault("A1")
@pytest.mark.parametrize("is_later", [True, False])
def test_nor_by_a_succession(is_later, house, merged):
    application = told(house).application
    Succession.objects.update(given_at=NOW)
    person = Affiliation.objects.get(organisation=merged, may_sign=True).user
    out_of_case(application, person, NOW - timedelta(days=1) if is_later else NOW + timedelta(days=1))
    emails = {email for _organisation, email in asked(application)}
    assert (person.email in emails) is not is_later


@pytest.mark.parametrize("count", [1, 3])
def test_it_is_one_query_and_one_more_for_those_that_have_ended(count, house, django_assert_num_queries):
    application = told(house).application
    for number in range(count):
        organisation = factories.organisation()
        factories.affiliation(factories.user(), organisation, may_sign=True)
        application.partners.create(organisation=organisation, position=number + 7)
    partners = list(application.partners.select_related("organisation"))
    for read in (lambda: signatories_in(application, partners, TODAY), lambda: signatories_of(partners, TODAY)):
        with django_assert_num_queries(1):
            read()
    partners[0].organisation.last_day = YESTERDAY
    for read in (lambda: signatories_in(application, partners, TODAY), lambda: signatories_of(partners, TODAY)):
        with django_assert_num_queries(2):
            read()
