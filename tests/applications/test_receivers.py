"""Whom a mail about an application reaches: who is named in it, until the person has left; the same for every mail."""

from datetime import timedelta

import pytest

from applications.models import Contact
from applications.queries.receivers import receivers_of, senders_of
from applications.reminders import drafts
from applications.services import notices, signing
from evaluation.decisions.services import letters
from evaluation.followup.models import Acceptance
from evaluation.followup.queries import awards_without_people
from evaluation.followup.reminders import coming
from evaluation.followup.services import correcting
from portal.clock import at_local, local_date
from portal.communities.models import Affiliation, Organisation, User
from portal.communities.queries import standing_on
from portal.communities.queries.belonging import Places
from portal.mail.models import Message
from tests import factories
from tests.applications import world
from tests.followup.world import accepted
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("C6"), pytest.mark.fault("B14")]
EMAIL = "navngitt@example.org"
TODAY = local_date(NOW)


# --- the rule ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "is_in", "has_left"),
    [
        (Places(), False, False),
        (Places(frozenset({1})), True, False),
        (Places(bodies=frozenset({9})), True, False),
        (Places(frozenset({3}), frozenset({8})), False, False),
        (Places(left_organisations=frozenset({1})), False, True),
        (Places(left_bodies=frozenset({9})), False, True),
        (Places(frozenset({2}), left_organisations=frozenset({1})), True, False),
        (Places(bodies=frozenset({9}), left_organisations=frozenset({1})), True, False),
        (Places(left_organisations=frozenset({3}), left_bodies=frozenset({8})), False, False),
        (Places(frozenset({1}), can_sign_in=False), False, True),
    ],
)
def test_who_is_there_and_who_has_left(places, is_in, has_left):
    assert (places.is_in({1, 2}, 9), places.has_left({1, 2}, 9)) == (is_in, has_left)


def test_a_project_that_no_body_owns_is_left_by_nobody_of_a_body():
    assert not Places(frozenset(), frozenset({9})).is_in({1}, None)
    assert not Places(left_bodies=frozenset({9})).has_left({1}, None)


# --- who is named, in each mail -----------------------------------------------------------------------------


def is_nobody_s(_house, _day):
    """An address that no person of the portal has."""


def never_had_a_place(_house, _day):
    factories.user(email=EMAIL)


def has_a_place_elsewhere(house, _day):
    factories.affiliation(factories.user(email=EMAIL), house.far_municipality)


def has_a_place(house, _day):
    factories.affiliation(factories.user(email=EMAIL), house.lead)


def has_left_the_owner_for_the_lead(house, day):
    person = factories.user(email=EMAIL)
    factories.seat(house.fsu, person, to_date=day - timedelta(days=1))
    factories.affiliation(person, house.lead, from_date=day)


def comes_tomorrow(house, day):
    factories.affiliation(factories.user(email=EMAIL), house.lead, from_date=day + timedelta(days=1))


def comes_back_tomorrow(house, day):
    person = factories.user(email=EMAIL)
    factories.affiliation(person, house.lead, to_date=day - timedelta(days=9))
    factories.affiliation(person, house.lead, from_date=day + timedelta(days=1))


def has_left(house, day):
    factories.affiliation(factories.user(email=EMAIL), house.lead, to_date=day - timedelta(days=1))


def has_left_for_another(house, day):
    has_left(house, day)
    factories.affiliation(User.objects.get(email=EMAIL), house.far_municipality, from_date=day)


def has_left_the_owner(house, day):
    factories.seat(house.fsu, factories.user(email=EMAIL), to_date=day - timedelta(days=1))


def cannot_sign_in(house, _day):
    factories.affiliation(factories.user(email=EMAIL, is_active=False), house.lead)


PERSONS = [
    (is_nobody_s, True),
    (never_had_a_place, True),
    (has_a_place_elsewhere, True),
    (has_a_place, True),
    (has_left_the_owner_for_the_lead, True),
    (comes_tomorrow, True),
    (comes_back_tomorrow, True),
    (has_left, False),
    (has_left_for_another, False),
    (has_left_the_owner, False),
    (cannot_sign_in, False),
]


def every_mail_of_an_application(application, day):
    """The receipt, the mail that all have signed, the reminder of the draft and the letter: the addresses of each."""
    lead = application.partners.get(role="lead")
    at = at_local(day)
    notices.partner_removed(lead, by=application.created_by, at=at)
    (waiting,) = drafts(day)
    return {
        "receipt": receivers_of(application, day).addresses,
        "all signed": senders_of(application, day),
        "reminder": waiting.recipients,
        "letter": letters.letter_receivers(application, day),
        "removed": set(Message.objects.filter(kind="partner_removed").values_list("recipient", flat=True)),
    }


@pytest.mark.parametrize(("person", "is_reached"), PERSONS, ids=[person.__name__ for person, _ in PERSONS])
def test_the_contact_of_the_lead_gets_every_mail_until_the_person_has_left(person, is_reached, house, draft):
    day = local_date(draft.closes_at) - timedelta(days=3)
    type(draft).objects.filter(pk=draft.pk).update(owner_body=house.fsu)
    draft.refresh_from_db()
    Contact.objects.filter(partner__organisation=house.lead).update(email=EMAIL)
    Organisation.objects.filter(pk=house.lead.pk).update(email="post@lead.example.org")
    person(house, day)
    got = {kind: EMAIL in addresses for kind, addresses in every_mail_of_an_application(draft, day).items()}
    assert got == dict.fromkeys(got, is_reached)


@pytest.mark.parametrize(("person", "is_reached"), PERSONS, ids=[person.__name__ for person, _ in PERSONS])
def test_the_person_responsible_gets_every_mail_until_the_person_has_left(person, is_reached, house):
    acceptance = accepted(house, responsible_email=EMAIL)
    type(acceptance.decision.application).objects.update(owner_body=house.fsu)
    Contact.objects.all().delete()
    person(house, TODAY)
    row = Acceptance.objects.get()
    reminded = {each for reminder in coming(row.decision.application, TODAY) for each in reminder.recipients}
    is_alone = bool(awards_without_people(standing_on(house.secretary, TODAY), TODAY))
    assert (EMAIL in reminded, not is_alone) == (is_reached, is_reached)
    told = {"responsible_name": "Ny", "responsible_email": "ny@example.org"}
    due = row.evaluation.due_date
    correcting.correct(row, due_date=due, reason="Ny leder.", by=house.secretary, at=NOW, **told)
    told_of = Message.objects.filter(kind="project_corrected").values_list("recipient", flat=True)
    assert (EMAIL in told_of, "ny@example.org" in told_of) == (is_reached, True)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_letter_needs_somebody_of_the_lead_who_is_there(is_there, house, draft):
    day = local_date(draft.closes_at)
    person = factories.user(email=EMAIL)
    factories.affiliation(person, house.lead, to_date=day if is_there else day - timedelta(days=1))
    Contact.objects.filter(partner__organisation=house.lead).update(email=EMAIL)
    if is_there:
        assert EMAIL in letters.letter_receivers(draft, day)
    else:
        with pytest.raises(letters.LetterError, match="Ansvarlig søker har verken kontaktperson som kan nås"):
            letters.letter_receivers(draft, day)


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ([], ["siri.signatory@example.org"]),
        (["siri.signatory@example.org"], ["rita.recused@example.org"]),
        (["siri.signatory@example.org", "rita.recused@example.org"], ["post@lead.example.org"]),
    ],
)
def test_that_a_signature_counts_no_more_is_told_to_one_who_can_sign_again(ended, told, house, unsigned, at):
    Organisation.objects.filter(pk=house.lead.pk).update(email="post@lead.example.org")
    world.sign(house, unsigned.partners.get(role="lead"), at)
    type(unsigned).objects.filter(pk=unsigned.pk).update(title="Et helt annet prosjekt")
    day = local_date(at)
    Affiliation.objects.filter(user__email__in=ended).update(to_date=day - timedelta(days=1))
    signing.settle(application=unsigned.pk, at=at + timedelta(hours=1))
    mails = Message.objects.filter(kind="signature_voided")
    assert list(mails.values_list("recipient", flat=True)) == told
