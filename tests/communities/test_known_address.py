"""A place for an address that somebody has already: the page asks whether it is that person, and names who got it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from portal.communities.models import Affiliation, Seat, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

PLACE = {"title": "Rådgiver", "from_date": "01.03.2025"}
SEAT = {"side": "municipality", "right": "vote", "role": "member", "from_date": "01.03.2025"}


def doors(house):
    """Where a place is given, by name: the address, and what is posted beside the person."""
    return {
        "affiliation": (reverse("portal:affiliation_add", args=[house.lead.pk]), PLACE),
        "seat": (reverse("portal:seat_add", args=[house.ssu.code]), SEAT),
    }


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def given(person):
    return Affiliation.objects.filter(user=person).count() + Seat.objects.filter(user=person).count()


@pytest.mark.fault("C19")
@pytest.mark.parametrize("door", ["affiliation", "seat"])
def test_an_address_of_somebody_else_is_asked_about_and_the_right_name_is_told(house, sign_in, door):
    known = factories.user(name="Kari Nordmann")
    factories.affiliation(known, house.partner)
    client = sign_in(house.secretary)
    url, more = doors(house)[door]
    data = {**more, "email": known.email.upper(), "name": "Kari N. Hansen"}
    answer = client.post(url, data)
    assert (answer.status_code, given(known)) == (422, 1)
    assert answer.context["form"].errors["email"] == [
        "Adressen tilhører Kari Nordmann, ikke «Kari N. Hansen». Rett adressen, eller kryss av nedenfor."
    ]
    page = answer.content.decode()
    assert f'value="{known.pk}"' in page
    assert "Ja, plassen er til Kari Nordmann" in page
    assert client.post(url, {**data, "is_person": str(house.applicant.pk)}).status_code == 422
    answer = client.post(url, {**data, "is_person": str(known.pk)})
    assert (answer.status_code, given(known)) == (302, 2)
    assert said(answer)[0].startswith("Kari Nordmann ")
    assert User.objects.get(pk=known.pk).name == "Kari Nordmann"


@pytest.mark.fault("C19")
def test_the_name_of_one_whom_the_secretariat_does_not_know_is_not_told(house, sign_in):
    stranger = factories.user(name="Hemmelig Navn")
    url, more = doors(house)["affiliation"]
    answer = sign_in(house.secretary).post(url, {**more, "email": stranger.email, "name": "Kari N. Hansen"})
    assert answer.context["form"].errors["email"] == [
        "Adressen tilhører en annen enn «Kari N. Hansen». Rett adressen, eller kryss av nedenfor."
    ]
    assert "Hemmelig" not in answer.content.decode()


@pytest.mark.fault("C19")
@pytest.mark.parametrize("name", ["Kari Nordmann", " kari  NORDMANN "])
def test_the_same_name_is_not_asked_about(house, sign_in, name):
    known = factories.user(name="Kari Nordmann")
    url, more = doors(house)["affiliation"]
    answer = sign_in(house.secretary).post(url, {**more, "email": known.email, "name": name})
    assert (answer.status_code, said(answer)) == (302, ["Kari Nordmann er lagt til."])
