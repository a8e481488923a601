"""The mangelbrev comes in the language of the one who reads it, else in the application's."""

from datetime import timedelta

import pytest

from applications.models import Contact
from applications.services import correcting
from portal.mail.models import Message
from tests import factories
from tests.assessment import world

pytestmark = pytest.mark.django_db


def test_mangelbrev_speaks_the_readers_language(house):
    of_round = factories.round_of(factories.definition("helse-nord-2025"))
    at = of_round.closes_at + timedelta(hours=9)
    application = world.sent(house, of_round, at, status="submitted", language="nn")
    factories.user(email="english@example.org", language="en")
    for partner, email in zip(application.partners.all(), ("english@example.org", "ukjend@example.org"), strict=True):
        Contact.objects.create(partner=partner, name="Kontakt", email=email)
    due_at = at + timedelta(days=7)
    correcting.request_correction(application, ["plan"], "Planen manglar.", due_at, by=house.secretary, at=at)
    told = Message.objects.filter(kind="correction_requested").order_by("recipient")
    assert [(mail.recipient, mail.language) for mail in told] == [
        ("anne.applicant@example.org", "nb"),
        ("english@example.org", "en"),
        ("ukjend@example.org", "nn"),
    ]
    assert len({mail.title for mail in told}) == 3
