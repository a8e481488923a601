"""What is said where partners are added, and which of them lack a contact that the form asks for."""

import pytest

from applications.models import Contact
from tests.applications.test_views_draft import text_of, url

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("clock")]


def test_a_missing_contact_is_marked_only_where_the_form_asks_for_one(house, draft, sign_in):
    trust, partner = draft.partners.get(organisation=house.trust), draft.partners.get(organisation=house.partner)
    Contact.objects.filter(partner__in=[trust, partner]).delete()
    page = sign_in(house.applicant).get(url("partners", draft))
    assert {card.partner.pk for card in page.context["cards"] if card.needs_contact} == {trust.pk}
    adding = text_of(sign_in(house.applicant).get(url("partner_add", draft)))
    assert "Portalen sender dem ikke e-post, så si fra til dem." in adding
