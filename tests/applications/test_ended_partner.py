"""A partner whose organisation has ended: the draft says so, and its successor takes its place."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import completeness, queries
from applications.models import Application, Signature
from applications.services import partners, signing
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.ties import ties_of
from portal.clock import local_date
from portal.communities.models import BodyKind, SeatRole
from portal.communities.queries import standing_on
from portal.communities.services import succession
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(house):
    """The municipality that Senja goes on in."""
    return factories.organisation(name="Nye Senja kommune", community=house.community)


def end(house, merged, at, days_ago=1):
    day = local_date(at) - timedelta(days=days_ago)
    succession.end_organisation(house.partner, day, [merged], by=house.secretary, at=at)
    return day


def partner_of(application, organisation):
    return application.partners.get(organisation=organisation)


def test_the_check_says_it_and_the_successor_takes_its_place(house, merged, application, at, clock):
    end(house, merged, at)
    missing = completeness.missing(Application.objects.get(), at=at)
    told = [problem.sentence for problem in missing if "er avsluttet" in problem.sentence]
    day = f"{local_date(at) - timedelta(days=1):%d.%m.%Y}"
    assert told == [f"Senja kommune er avsluttet {day}. Sett inn den som fører arbeidet videre, eller fjern den."]
    before = partner_of(application, house.partner)
    contacts = list(before.contacts.values_list("pk", flat=True))
    partners.follow_successor(before, merged, by=house.applicant, at=at)
    after = partner_of(application, merged)
    assert (after.pk, list(after.contacts.values_list("pk", flat=True))) == (before.pk, contacts)
    signing.settle(application=application.pk, at=at + timedelta(days=1))
    assert not Signature.objects.filter(partner__application=application, voided_at=None).exists()
    left = [problem.sentence for problem in completeness.missing(Application.objects.get(), at=at)]
    assert not [text for text in left if "er avsluttet" in text]


def test_the_page_has_the_button_and_an_ended_one_is_not_offered(house, merged, application, at, clock, sign_in):
    end(house, merged, at)
    client = sign_in(house.applicant)
    page = client.get(reverse("applications:partners", args=[application.code])).content.decode()
    assert "Sett inn Nye Senja kommune i stedet" in page
    offered = queries.organisations_to_add(application, local_date(at))
    assert house.partner not in (*offered.in_community, *offered.others)
    chosen = partner_of(application, house.partner)
    address = reverse("applications:partner_successor", args=[application.code, chosen.pk])
    assert client.post(address, {"organisation": house.far_municipality.pk}).status_code == 404
    assert client.post(address, {"organisation": merged.pk}).status_code == 302
    assert partner_of(application, merged).pk == chosen.pk


def test_a_successor_that_is_a_partner_already_is_told(house, application, at):
    succession.end_organisation(
        house.partner, local_date(at) - timedelta(days=1), [house.lead], by=house.secretary, at=at
    )
    with pytest.raises(partners.PartnerError, match="er allerede partner"):
        partners.follow_successor(partner_of(application, house.partner), house.lead, by=house.applicant, at=at)


def test_one_that_does_not_go_on_from_it_does_not_take_its_place(house, merged, application, at):
    with pytest.raises(partners.PartnerError, match="fører ikke"):
        partners.follow_successor(partner_of(application, house.partner), merged, by=house.applicant, at=at)


def test_only_who_acts_for_the_lead_puts_another_in_its_place(house, merged, application, at, clock, sign_in):
    day = local_date(at) - timedelta(days=1)
    succession.end_organisation(house.lead, day, [merged], by=house.secretary, at=at)
    address = reverse("applications:partner_successor", args=[application.code, partner_of(application, house.lead).pk])
    assert sign_in(house.co_applicant).post(address, {"organisation": merged.pk}).status_code == 403
    person = factories.user("Ny Leder", email="ny.leder@example.org")
    factories.affiliation(person, merged)
    assert sign_in(person).post(address, {"organisation": merged.pk}).status_code == 302
    assert Application.objects.get().lead_organisation_id == merged.pk


@pytest.mark.fault("A1")
def test_who_is_out_of_the_case_gets_nothing_of_it_by_the_succession(house, merged, sent_application, at):
    Habilitet.objects.create(
        application=sent_application,
        person=house.hospital_secretary,
        is_recused=True,
        decided_ground=Ground.OTHER,
        reason="Leder enheten.",
        decided_by=house.secretary,
        decided_at=at,
    )
    factories.affiliation(house.hospital_secretary, merged)
    person = factories.user("Habil Kollega", email="habil@example.org")
    factories.affiliation(person, merged)
    end(house, merged, at + timedelta(hours=1))
    day = local_date(at) + timedelta(days=1)
    written = Application.objects.written_by
    assert list(written(standing_on(person, day))) == [sent_application]
    assert not written(standing_on(house.hospital_secretary, day)).exists()


def test_who_works_for_the_successor_has_a_tie(house, merged, sent_application, at):
    person = factories.user("Ansatt", email="ansatt@example.org")
    factories.affiliation(person, merged)
    day = local_date(at)
    assert ties_of(person, sent_application, day) == ()
    end(house, merged, at)
    assert ties_of(person, sent_application, day) != ()


def test_the_project_of_an_fsu_follows_and_a_draft_must_name_the_next(house, application, at):
    Application.objects.update(owner_body=house.fsu)
    successor = factories.body(house.community, BodyKind.FSU, name="FSU nytt")
    leader = factories.user("Ny Leder", email="ny.leder@example.org")
    factories.seat(successor, leader, role=SeatRole.CHAIR)
    day = local_date(at)
    assert not Application.objects.written_by(standing_on(leader, day)).exists()
    succession.end_body(house.fsu, day - timedelta(days=1), successor, by=house.secretary, at=at)
    person = type(leader).objects.get(pk=leader.pk)
    assert list(Application.objects.written_by(standing_on(person, day))) == [application]
    draft = Application.objects.select_related("owner_body").get()
    assert Ground.OWNER_BODY in {tie.ground for tie in ties_of(person, draft, day)}
    told = [each.sentence for each in completeness.missing(draft, at=at) if "prosjekteier" in each.sentence]
    assert told == [f"FSU PHR er avsluttet {day - timedelta(days=1):%d.%m.%Y}. Velg en annen prosjekteier."]
