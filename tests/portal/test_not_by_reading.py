"""An address that only a button posts to has a page for who comes by a link, with a way on."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.views.errors import _page_above

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_the_one_above(house, sign_in):
    address = reverse("portal:body_take_back_end", args=[house.ssu.code])
    answer = sign_in(house.secretary).get(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Dette gjøres med en knapp" in page
    assert f'href="{reverse("portal:body_end", args=[house.ssu.code])}"' in page


def test_who_is_signed_out_signs_in_first(house):
    address = reverse("portal:body_take_back_end", args=[house.ssu.code])
    assert Client().get(address).status_code in {302, 405}


@pytest.mark.parametrize(
    ("path", "above"),
    [("/bodies/ssu/end/take-back/", "/bodies/ssu/end/"), ("/bodies/x/y/z/", "/bodies/x/"), ("/nothing/here/", "/")],
)
def test_the_nearest_address_above(path, above):
    assert _page_above(path) == above


def test_a_script_that_posts_wrongly_gets_no_page(client, db):
    answer = client.put(reverse("portal:home"))
    assert b"<html" not in answer.content or answer.status_code != 405
