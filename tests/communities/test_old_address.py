"""Whoever no longer gets an organisation's mail is told at the old address."""

import pytest

from portal.communities.services import organisations
from portal.mail.models import Message
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]


def told():
    return list(Message.objects.filter(kind="address_changed").order_by("pk").values_list("recipient", "title"))


def test_the_old_post_address_of_an_organisation_is_told(house):
    def change(email):
        organisations.change_organisation(house.lead, {"email": email}, by=house.secretary, at=NOW)

    change("postmottak@tromso.example.org")
    assert told() == []
    change("Postmottak@tromso.example.org")
    assert told() == []
    change("en.annen@example.org")
    assert told() == [("Postmottak@tromso.example.org", "E-post til Tromsø kommune går til en ny adresse")]
    text = Message.objects.get().body_text
    assert "Sara Secretary har endret adressen" in text
    assert "Den er nå en.annen@example.org." in text
    assert f"Er dette feil, skriv til {house.secretary.email}" in text
    change("")
    assert [recipient for recipient, _title in told()] == ["Postmottak@tromso.example.org", "en.annen@example.org"]
    assert "har tatt bort adressen" in Message.objects.get(recipient="en.annen@example.org").body_text


@pytest.mark.parametrize("name", ["post_address", "copy_address"])
def test_the_old_addresses_of_a_helsefellesskap_are_told(name, house):
    first = {"post_address": "post@helse.example.org", "copy_address": "kopi@helse.example.org"}
    organisations.change_addresses(house.community, first, by=house.secretary, at=NOW)
    Message.objects.all().delete()
    organisations.change_addresses(house.community, {name: "ny@helse.example.org"}, by=house.secretary, at=NOW)
    assert told() == [(first[name], f"E-post til {house.community} går til en ny adresse")]
