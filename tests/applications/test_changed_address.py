"""The contact of a running application has a new e-mail address: mail follows, and so does the tie of habilitet."""

import re

import pytest

from applications.models import Application, Contact
from applications.queries.receivers import receivers_of
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.queries.ties import takes_part, ties_of
from portal.clock import local_date
from portal.communities.queries import standing_on
from portal.communities.services import addresses
from portal.mail.models import Message
from tests import factories

pytestmark = pytest.mark.django_db

OLD, NEW = "pia.gammel@example.org", "pia.ny@example.org"


def test_the_contact_of_a_running_application_is_told_once_and_keeps_the_tie(house, sent_application, at):
    pia = factories.user("Pia Gammel", email=OLD)
    factories.affiliation(pia, house.lead)
    Contact.objects.filter(partner__application=sent_application).update(email=OLD)
    addresses.ask_for_address(pia, NEW, at=at)
    link = re.search(r"/my-page/address/([^/\s]+)/", Message.objects.get(kind="new_address").body_text)[1]
    person = addresses.take_address(pia, link, at=at)
    assert receivers_of(sent_application, local_date(at)).addresses.count(NEW) == 1
    assert OLD not in receivers_of(sent_application, local_date(at)).addresses
    assert Contact.objects.filter(email=OLD).exists()
    day = local_date(at)
    house.lead.affiliations.filter(user=pia).delete()
    assert Ground.CONTACT in {tie.ground for tie in ties_of(person, sent_application, day)}
    assert Application.objects.filter(takes_part(standing_on(person, day)), pk=sent_application.pk).exists()
