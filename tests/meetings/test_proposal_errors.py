"""What is wrong in a proposal put to the vote is said at its field, and the list of errors leads there."""

import pytest
from django.urls import reverse

from tests.meetings import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "id_proposal"),
        ({"proposal": "Innvilges.", "outcome": "granted"}, "id_amount"),
        ({"proposal": "Innvilges.", "outcome": "granted", "amount": "999 999 999"}, "id_amount"),
        ({"proposal": "Søknaden avslås.", "outcome": "granted", "amount": "1 000"}, "id_proposal"),
    ],
)
def test_what_is_wrong_in_a_proposal_leads_to_its_field(house, sign_in, frozen_clock, data, field):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    frozen_clock.move_to(at)
    page = sign_in(house.chair).post(reverse("meetings:open_ballot", args=[cases[0].pk]), data).content.decode()
    assert f'<a class="ds-link" data-color="neutral" href="#{field}">' in page
    assert (f'id="{field}"' in page, page.count(f'href="{reverse("meetings:room", args=[meeting.pk])}">Avbryt')) == (
        True,
        1,
    )
