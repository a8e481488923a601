"""C6: the receipt goes to whom the page says: the sender, the signatories, the contacts, and every partner."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Contact, Partner, Signature, SignatureMethod
from applications.queries.receivers import ByPost, receivers_of
from applications.services import correcting, submitting
from portal.clock import local_date
from portal.communities.models import Affiliation, Organisation, User
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from tests import factories
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("C6")]
CONTACTS = ["kontakt.kommune@example.org", "kontakt.partner@example.org", "kontakt.sykehus@example.org"]


def sent(kind="application_submitted"):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def everyone(house):
    signers = [house.signatory, house.partner_signatory, house.trust_signatory]
    return sorted([*CONTACTS, house.applicant.email, *(person.email for person in signers)])


def far_partner(house, application, **fields):
    """One more partner, which has neither contact nor signature."""
    organisation = factories.organisation(name="Kåfjord kommune", community=house.community, **fields)
    return Partner.objects.create(application=application, organisation=organisation, position=9)


def test_c6_sender_signers_and_contacts_get_it_each_once_in_their_language(house, unsigned, applicant, at):
    User.objects.filter(pk=house.signatory.pk).update(language="nn")
    Contact.objects.filter(email=CONTACTS[0]).update(email=house.applicant.email.upper())
    world.sign_all(house, unsigned, at)
    submitting.submit(unsigned, by=applicant, at=at)
    assert sent() == [address for address in everyone(house) if address != CONTACTS[0]]
    assert Message.objects.get(kind="application_submitted", recipient=house.signatory.email).language == "nn"


def test_c6_the_correction_goes_to_them_too(house, sent_application, at):
    correcting.request_correction(
        sent_application,
        reason="Fyll ut planen.",
        sections=[sent_application.round.spec.sections[0].code],
        due_at=at + timedelta(days=10),
        by=house.secretary,
        at=at + timedelta(days=1),
    )
    assert sent("correction_requested") == everyone(house)


def test_c6_who_has_left_the_partners_gets_no_more(house, sent_application, at):
    Affiliation.objects.filter(user=house.signatory).update(to_date=local_date(at))
    addresses = receivers_of(sent_application, local_date(at) + timedelta(days=1)).addresses
    assert sorted(addresses) == [address for address in everyone(house) if address != house.signatory.email]


def test_c6_a_partner_whose_contact_has_moved_to_another_is_reached_at_its_own_address(house, sent_application, at):
    day = local_date(at)
    person = factories.user(email=CONTACTS[1])
    factories.affiliation(person, house.partner, to_date=day)
    factories.affiliation(person, house.lead, from_date=day + timedelta(days=1))
    Affiliation.objects.filter(user=house.partner_signatory).update(to_date=day)
    Organisation.objects.filter(pk=house.partner.pk).update(email="post.partner@example.org")
    assert receivers_of(sent_application, day).by_post == ()
    receivers = receivers_of(sent_application, day + timedelta(days=1))
    assert (person.email in receivers.addresses, "post.partner@example.org" in receivers.addresses) == (True, True)
    assert [post.address for post in receivers.by_post] == ["post.partner@example.org"]


def test_c6_an_agreement_on_paper_reaches_nobody_but_its_uploader(house, sent_application, at):
    paper = Signature.objects.filter(signed_by=house.trust_signatory)
    paper.update(method=SignatureMethod.UPLOADED, signed_by=house.applicant)
    assert house.trust_signatory.email not in receivers_of(sent_application, local_date(at)).addresses


def test_c6_a_partner_that_nobody_speaks_for_is_reached_at_its_own_address(house, sent_application, at):
    partner = far_partner(house, sent_application, email="Post@kafjord.example.org")
    receivers = receivers_of(sent_application, local_date(at))
    assert sorted(receivers.addresses) == sorted([*everyone(house), "post@kafjord.example.org"])
    assert (receivers.by_post, receivers.unreached) == ((ByPost(partner.name, "Post@kafjord.example.org"),), ())


def test_c6_the_pages_say_whom_it_goes_and_went_to(house, unsigned, applicant, at, clock, sign_in, inbox):
    application = unsigned
    Organisation.objects.filter(pk=house.partner.pk).update(email="post.partner@example.org")
    Contact.objects.filter(email="kontakt.partner@example.org").delete()
    world.sign_all(house, application, at)
    Signature.objects.filter(signed_by=house.partner_signatory).update(
        method=SignatureMethod.UPLOADED, signed_by=house.applicant
    )
    receivers = receivers_of(application, local_date(at))
    client = sign_in(applicant)
    page = client.get(reverse("applications:check", args=[application.code])).content.decode()
    page = page.replace("<wbr>", "")
    assert "Kvitteringen går til" in page
    assert [address for address in receivers.addresses if address not in page] == []
    inbox.unknown = {"kontakt.sykehus@example.org"}
    submitting.submit(application, by=applicant, at=at)
    run_all_due(at)
    page = client.get(reverse("applications:receipt", args=[application.code])).content.decode()
    assert "Mottakere: 6" in page
    assert [address for address in receivers.addresses if address not in page] == []
    assert "har ingen kontaktperson som kan nås. Kvitteringen går til postmottaket, post.partner@example.org." in page
    assert "Ikke levert til kontakt.sykehus@example.org." in page


def test_c6_a_partner_without_any_address_is_told_of(house, sent_application, at, clock, sign_in):
    far_partner(house, sent_application)
    page = sign_in(house.applicant).get(reverse("applications:receipt", args=[sent_application.code])).content.decode()
    assert "Kåfjord kommune har verken kontaktperson som kan nås, eller e-postadresse, og får ingen kvittering." in page


@pytest.mark.parametrize("count", [1, 3])
def test_c6_it_costs_the_same_with_more_partners(count, house, sent_application, at, django_assert_num_queries):
    for number in range(count):
        organisation = factories.organisation(email=f"{number}@example.org")
        Partner.objects.create(application=sent_application, organisation=organisation, position=number + 9)
    with django_assert_num_queries(6):
        receivers_of(sent_application, local_date(at))
