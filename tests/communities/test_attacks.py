"""What somebody tries against accounts and sign-in."""

import pytest

from portal.communities.models import User
from portal.communities.services.people import Invited, find_or_invite
from tests.world import NOW


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "confirm-email/abc/", "3rdparty/"])
def test_page_that_would_change_the_address_does_not_exist(sign_in, stranger, path):
    assert sign_in(stranger).get(f"/account/{path}").status_code == 404


def test_nobody_takes_the_address_of_one_who_is_to_be_invited(sign_in, house, stranger):
    client = sign_in(stranger)
    for act in ("action_add", "action_primary"):
        client.post("/account/email/", {act: "", "email": "direktor@example.org"})
    invited = Invited("direktor@example.org", "Direktør")
    assert find_or_invite(invited, tenant=house.community, by=house.secretary, at=NOW) != stranger
    assert User.objects.get(pk=stranger.pk).email == stranger.email
