"""How many queries the reminders and a request to sign cost: the same for one row and for three."""

from datetime import timedelta

import pytest
from django.db import connection

from applications.models import Application
from applications.reminders import drafts, signatures
from applications.services import signing
from portal.clock import local_date
from portal.communities.models import Affiliation
from portal.mail.models import Message
from tests import factories
from tests.applications import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_drafts_that_are_due(house, northern, django_assert_num_queries, count):
    for number in range(count):
        draft = world.draft(house, northern)
        person = factories.user()
        if number:
            factories.affiliation(person, house.lead)
        type(draft).objects.filter(pk=draft.pk).update(created_by=person)
    day = local_date(northern.closes_at) - timedelta(days=3)
    with django_assert_num_queries(7):
        waiting = list(drafts(day))
    # The first has no part in the application any more, so only the contacts are reminded of it.
    assert sorted(len(one.recipients) for one in waiting) == [3, 4, 4][:count]


@pytest.mark.parametrize("count", [1, 3])
def test_signatures_that_are_missing(house, northern, django_assert_num_queries, count):
    signers = []
    for _number in range(count):
        draft = world.whole(house, northern, signed=False)
        municipality, signer = factories.organisation(), factories.user()
        factories.affiliation(signer, municipality, may_sign=True)
        # Who cannot sign in cannot sign.
        factories.affiliation(factories.user(is_active=False), municipality, may_sign=True)
        draft.partners.filter(organisation=house.lead).update(organisation=municipality)
        signers.append(signer.email)
    Application.objects.update(signing_asked_at=world.open_moment(northern))
    day = local_date(northern.closes_at) - timedelta(days=2)
    with django_assert_num_queries(3):
        waiting = list(signatures(day))
    assert len(waiting) == 3 * count
    assert {one.recipients for one in waiting if one.subject.is_lead} == {(email,) for email in signers}


@pytest.mark.parametrize("signed", [0, 2])
def test_request_to_sign_reads_the_text_once_whatever_is_signed(house, northern, django_assert_num_queries, signed):
    application = world.whole(house, northern, signed=False)
    at = world.open_moment(northern)
    lead, partner, trust = application.partners.order_by("position")
    for one in (lead, partner)[:signed]:
        world.sign(house, one, at)
    # Of those who have not signed only the hospital trust has anybody to ask.
    Affiliation.objects.exclude(organisation=trust.organisation).update(may_sign=False)
    # PostgreSQL takes the log's lock by a query.
    with django_assert_num_queries(26 + (connection.vendor == "postgresql")):
        asked = signing.remind(application, by=house.applicant, at=at)
    assert asked == [house.trust_signatory.email]
    assert Message.objects.filter(kind="signature_reminder").count() == 1
