"""A place that is given to a person who is out of a case opens nothing of that case: the bar comes first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, CorrectionRequest
from applications.queries.signatories import signatories_in
from applications.services import signing, submitting
from applications.urls import urlpatterns
from applications.workflow import Status
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from portal.clock import local_date
from portal.communities.models import Seat, SeatRole, Side
from portal.communities.services import bodies, people
from portal.communities.services.people import Invited
from portal.mail.models import Message
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]

# Pages that are about no single application.
OF_NO_APPLICATION = {"list", "start", "extend_draft"}


@pytest.fixture
def closed(house, sent_application, at):
    """The sent application, in which one of the secretariat is inhabil."""
    Habilitet.objects.create(
        application=sent_application,
        person=house.hospital_secretary,
        is_recused=True,
        decided_ground=Ground.OTHER,
        reason="Leder enheten.",
        decided_by=house.secretary,
        decided_at=at,
    )
    return sent_application


def given_place(house, at, organisation=None):
    """The colleague gives the inhabil person a place, with the right to sign."""
    fields = {"title": "Rådgiver", "may_sign": True, "from_date": local_date(at), "to_date": None}
    invited = Invited(house.hospital_secretary.email, "")
    return people.add_affiliation(organisation or house.lead, invited, fields, by=house.secretary, at=at)


def addresses(application):
    """An address of each page of the application, by name."""
    partner = application.partners.get(role="lead")
    values = {
        "code": application.code,
        "section": application.round.spec.sections[0].code,
        "question": application.round.spec.questions[0].code,
        "pk": partner.pk,
        "number": 1,
        "attachment": 1,
    }
    named = {pattern.name: pattern for pattern in urlpatterns if pattern.name not in OF_NO_APPLICATION}
    return {
        name: reverse(
            f"applications:{name}", kwargs={key: values[key] for key in pattern.pattern.converters if key in values}
        )
        for name, pattern in named.items()
    }


def answers(client, application):
    """What each page answers, read and posted to."""
    return {
        (name, method): getattr(client, method)(address).status_code
        for name, address in addresses(application).items()
        for method in ("get", "post")
    }


def test_a1_a_later_place_opens_no_page_of_the_closed_case(house, closed, clock, at, sign_in):
    client = sign_in(house.hospital_secretary)
    before = answers(client, closed)
    # The address of the application leads those who handle it to their own page of it, which is closed, too.
    assert {page for page, status in before.items() if status not in (403, 404, 405)} == {("detail", "get")}
    for organisation in (house.lead, house.partner):
        given_place(house, at, organisation)
    assert answers(client, closed) == before
    assert Application.objects.get(pk=closed.pk).status == Status.SUBMITTED


def test_a1_nor_a_place_in_the_body_that_owns_the_project(house, closed, clock, at, sign_in):
    Application.objects.filter(pk=closed.pk).update(owner_body=house.fsu)
    client = sign_in(house.hospital_secretary)
    before = answers(client, Application.objects.get(pk=closed.pk))
    bodies.add_seat(
        house.fsu,
        Invited(house.hospital_secretary.email, ""),
        {"side": Side.HOSPITAL, "role": SeatRole.MEMBER, "deputy_for": None, "from_date": local_date(at)},
        by=house.secretary,
        at=at,
    )
    assert Seat.objects.filter(user=house.hospital_secretary, body=house.fsu, given_at=at).exists()
    assert answers(client, Application.objects.get(pk=closed.pk)) == before


def test_a1_the_closed_case_is_in_no_list_and_asks_for_no_signature(house, closed, clock, at, sign_in):
    given_place(house, at)
    Application.objects.filter(pk=closed.pk).update(status=Status.CORRECTION, signing_asked_at=at)
    CorrectionRequest.objects.create(
        application=closed,
        requested_by=house.secretary,
        requested_at=at,
        due_at=at + timedelta(days=3),
        reason="Rett.",
        sections=[],
    )
    closed.partners.get(role="lead").signatures.all().delete()
    client = sign_in(house.hospital_secretary)
    for address in (reverse("applications:list"), "/"):
        assert closed.title not in client.get(address).content.decode()
    signing.remind(Application.objects.get(pk=closed.pk), by=house.applicant, at=at)
    asked = Message.objects.filter(kind="signature_reminder").values_list("recipient", flat=True)
    assert house.signatory.email in asked
    assert house.hospital_secretary.email not in asked


def test_a1_a_place_from_before_is_kept(house, closed, clock, at, sign_in):
    """A party reads the party's own case, and may withdraw it (forvaltningsloven § 18)."""
    Habilitet.objects.create(
        application=closed,
        person=house.signatory,
        is_recused=True,
        decided_ground=Ground.PARTY,
        reason="Part.",
        decided_by=house.secretary,
        decided_at=at,
    )
    affiliation = house.signatory.affiliations.get()
    for given_at, status in ((None, 200), (at - timedelta(seconds=1), 200), (at, 404), (at + timedelta(days=1), 404)):
        affiliation.given_at = given_at
        affiliation.save()
        client = sign_in(house.signatory)
        assert client.get(reverse("applications:sent", args=[closed.code])).status_code == status, given_at
    affiliation.given_at = None
    affiliation.save()
    submitting.withdraw(closed, by=house.signatory, at=at)
    assert Application.objects.get(pk=closed.pk).status == Status.WITHDRAWN


def test_a1_the_right_to_sign_that_was_given_later_does_not_sign(house, unsigned, clock, at):
    """Whoever was in the organisation before reads the case, and does not sign it by a later right."""
    Habilitet.objects.create(
        application=unsigned,
        person=house.applicant,
        raised_by=house.secretary,
        raised_at=at,
        is_pending=True,
        explanation="Tvil.",
    )
    affiliation = house.applicant.affiliations.get()
    people.change_affiliation(affiliation, {"may_sign": True}, by=house.secretary, at=at)
    partners = list(unsigned.partners.all())
    able = {one.user for one in signatories_in(unsigned, partners, local_date(at))}
    assert able == {house.signatory, house.recused_member, house.partner_signatory, house.trust_signatory}
    Habilitet.objects.all().delete()
    assert house.applicant in {one.user for one in signatories_in(unsigned, partners, local_date(at))}
    assert world.signers(house)[house.lead.pk] == house.signatory
