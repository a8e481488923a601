"""How many queries the reminders and a request to sign cost: the same for one row and for three."""

from datetime import timedelta

import pytest
from django.db import connection

from applications.reminders import drafts
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
    with django_assert_num_queries(3):
        waiting = list(drafts(day))
    # The first has no part in the application any more, so only the contacts are reminded of it.
    assert [len(one.recipients) for one in waiting] == [3, 4, 4][:count]


@pytest.mark.parametrize("signatures", [0, 2])
def test_request_to_sign_reads_the_text_once_whatever_is_signed(house, northern, django_assert_num_queries, signatures):
    application = world.whole(house, northern, signed=False)
    at = world.open_moment(northern)
    lead, partner, trust = application.partners.order_by("position")
    for one in (lead, partner)[:signatures]:
        world.sign(house, one, at)
    # Of those who have not signed only the hospital trust has anybody to ask.
    Affiliation.objects.exclude(organisation=trust.organisation).update(may_sign=False)
    # PostgreSQL takes the log's lock by a query.
    with django_assert_num_queries(25 + (connection.vendor == "postgresql")):
        asked = signing.remind(application, by=house.applicant, at=at)
    assert asked == [house.trust_signatory.email]
    assert Message.objects.filter(kind="signature_reminder").count() == 1
