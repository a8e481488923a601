"""An organisation that has ended has no post any more: what was for it goes to those who go on with what it had."""

import ast
from datetime import timedelta

import pytest

from applications.models import Contact, Signature
from applications.queries.receivers import ByPost, reached, receivers_of
from applications.services import notices, signing
from evaluation.decisions.services.letters import letter_receivers
from portal.clock import local_date
from portal.communities.models import Organisation, Succession
from portal.communities.queries.belonging import Places, places_by_address
from portal.communities.services import people
from portal.mail.models import Message
from tests import factories
from tests.followup.world import told
from tests.harness.pure_modules import ROOT
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

TODAY = local_date(NOW)
OLD = "post@gammel.example.org"
NEW = ["post@nye-senja.example.org", "post@ytre-senja.example.org"]
ROOMS = ("applications", "rounds", "evaluation", "portal")


@pytest.fixture
def award(house):
    """An award of an application whose lead has been split in two, and has neither contacts nor signatories left."""
    decision = told(house)
    Organisation.objects.filter(pk=house.lead.pk).update(email=OLD, last_day=TODAY - timedelta(days=1))
    Contact.objects.filter(partner__application=decision.application).delete()
    house.lead.affiliations.all().delete()
    for address in NEW:
        after = factories.organisation(community=house.community, email=address)
        Succession.objects.create(predecessor=house.lead, successor=after, from_date=TODAY, given_at=NOW)
    return decision


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def of_reminder(house, application):
    return reached(application, ["borte@example.org"], {"borte@example.org": Places(can_sign_in=False)}, TODAY)


def of_letter(house, application):
    return [each for each in letter_receivers(application, TODAY) if each in [OLD, *NEW]]


def of_receipt(house, application):
    receivers = receivers_of(application, TODAY)
    assert [(row.name, row.address) for row in receivers.by_post][:2] == [(house.lead.name, each) for each in NEW]
    assert ByPost(house.lead.name, OLD) not in receivers.by_post
    return [each for each in receivers.addresses if each in [OLD, *NEW]]


def of_change_of_lead(house, application):
    after = application.partners.exclude(role="lead").first()
    notices.lead_changed(application, application.partners.get(role="lead"), after, by=house.secretary, at=NOW)
    return [each for each in mails("lead_changed") if each in [OLD, *NEW]]


def of_removal(house, application):
    notices.partner_removed(application.partners.get(role="lead"), by=house.secretary, at=NOW)
    return [each for each in mails("partner_removed") if each in [OLD, *NEW]]


def of_agreement(house, application):
    lead = application.partners.get(role="lead")
    signature = Signature(pk=1, partner=lead, signed_by=house.secretary, agreement_date=TODAY)
    notices.agreement_uploaded(signature, [], at=NOW)
    return mails("agreement_uploaded")


def of_signature(house, application):
    lead = application.partners.get(role="lead")
    row = {"signed_at": NOW, "agreement_date": TODAY, "text_sha256": "another"}
    Signature.objects.create(partner=lead, signed_by=house.signatory, **row)
    type(application).objects.filter(pk=application.pk).update(status="correction")
    signing.settle(application=application.pk, at=NOW)
    return mails("signature_voided")


def of_place(house, application):
    house.lead.refresh_from_db()
    affiliation = factories.affiliation(house.stranger, house.lead, from_date=TODAY - timedelta(days=30))
    people.end_affiliation(affiliation, TODAY, by=house.secretary, at=NOW)
    return mails("place_changed_told")


CALLERS = {
    ("applications/queries/receivers.py", "reached"): of_reminder,
    ("applications/queries/receivers.py", "receivers_of"): of_receipt,
    ("applications/services/signing.py", "_to_sign_again"): of_signature,
    ("applications/services/notices.py", "agreement_uploaded"): of_agreement,
    ("applications/services/notices.py", "lead_changed"): of_change_of_lead,
    ("applications/services/notices.py", "partner_removed"): of_removal,
    ("evaluation/decisions/services/letters.py", "letter_receivers"): of_letter,
    ("portal/communities/services/places.py", "tell_of_place"): of_place,
}


@pytest.mark.parametrize("addresses", CALLERS.values(), ids=[name for _file, name in CALLERS])
def test_mail_goes_to_each_that_goes_on(addresses, house, award):
    assert sorted(addresses(house, award.application)) == NEW


def _functions():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.FunctionDef):
                        yield str(path.relative_to(ROOT)), node


def test_every_caller_has_a_row_above():
    asking = {
        (file, function.name)
        for file, function in _functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"post_addresses", "own_addresses"}
    }
    assert asking == set(CALLERS)


def test_nobody_takes_the_address_of_an_organisation_without_asking_whether_it_has_ended():
    """What serves a body does not end, and who changes an address reads it: there the address is the row's."""
    taking = {
        f"{file} {function.name}: {ast.unparse(node)}"
        for file, function in _functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and (node.attr == "post_address" or (node.attr == "email" and "organisation" in ast.unparse(node.value)))
    }
    assert {item for item in taking if "tenant.post_address" not in item} == {
        "portal/communities/services/organisations.py _tell_old_address: about.post_address",
        "portal/communities/services/organisations.py change_organisation: organisation.email",
        "portal/communities/models/organisations.py post_address: self.community.post_address",
        "portal/communities/queries/succession.py post_addresses: item.post_address",
        "rounds/models.py receiver_for: community.post_address",
    }


def test_who_has_moved_to_a_successor_is_still_reached_in_the_project(house, award):
    after = Organisation.objects.get(email=NEW[0])
    person = factories.user("Flyttet Leder", email="flyttet@example.org")
    factories.affiliation(person, after)
    places = places_by_address([person.email], TODAY)
    assert reached(award.application, [person.email], places, TODAY) == [person.email]
    yesterday = TODAY - timedelta(days=1)
    before = places_by_address([person.email], yesterday)
    assert before[person.email].organisations == {after.pk}
