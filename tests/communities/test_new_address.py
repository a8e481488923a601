"""A person changes e-mail address: proved by a link, told to the old address, and followed by mail, places and ties."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from portal.clock import local_date
from portal.communities.models import FormerAddress, User
from portal.communities.queries.belonging import places_by_address
from portal.communities.services import addresses, people
from portal.communities.services.people import Invited
from portal.jobs import services as jobs
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from portal.mail.services import queue
from tests import factories
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

PASSWORD = "et langt og rart passord 7"
OLD, NEW = "pia.gammel@example.org", "pia.ny@example.org"


@pytest.fixture
def pia(house):
    person = factories.user("Pia Gammel", email=OLD, password=PASSWORD)
    factories.affiliation(person, house.lead)
    return person


def link_to(person, address=NEW):
    addresses.ask_for_address(person, address, at=NOW)
    text = Message.objects.get(kind="new_address", recipient=address).body_text
    return re.search(r"/my-page/address/([^/\s]+)/", text)[1]


def change(person, address=NEW):
    return addresses.take_address(person, link_to(person, address), at=NOW)


def email_of(person):
    return User.objects.get(pk=person.pk).email


def test_the_page_asks_for_the_password_and_the_link_changes_the_address(pia, client):
    login = {"login": OLD, "password": PASSWORD}
    client.post(reverse("account_login"), login)
    page = reverse("portal:new_address")
    assert page in client.get(reverse("portal:my_page")).content.decode()
    asked = client.get(page)
    assert (asked.status_code, "reauthenticate" in asked.url) == (302, True)
    assert client.post(asked.url, {"password": PASSWORD, "next": page}).url == page
    assert f"Nå er den {OLD}." in client.get(page).content.decode()
    answer = client.post(page, {"email": NEW.upper()})
    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("portal:my_page"))
    assert email_of(pia) == OLD
    text = Message.objects.get(kind="new_address", recipient=NEW).body_text
    link = reverse("portal:confirm_address", args=[re.search(r"/my-page/address/([^/\s]+)/", text)[1]])
    assert f"blir {NEW} i stedet for {OLD}" in client.get(link).content.decode()
    assert email_of(pia) == OLD
    told = client.post(link, follow=True).content.decode()
    assert (f"E-postadressen din er nå {NEW}." in told, email_of(pia)) == (True, NEW)
    assert client.get(link).status_code == 404
    client.logout()
    assert client.post(reverse("account_login"), login).status_code == 200
    assert client.post(reverse("account_login"), {**login, "login": NEW}).status_code == 302


def test_who_has_not_just_typed_the_password_is_asked_for_it(pia, sign_in):
    answer = sign_in(pia).post(reverse("portal:new_address"), {"email": NEW})
    assert (answer.status_code, "reauthenticate" in answer.url) == (302, True)
    assert not Message.objects.filter(kind="new_address").exists()


def test_the_link_is_no_use_to_another_who_signs_in(house, pia, sign_in):
    link = reverse("portal:confirm_address", args=[link_to(pia)])
    client = sign_in(house.stranger)
    assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]
    assert email_of(pia) == OLD


def test_the_old_address_is_told_and_the_log_has_both(pia):
    change(pia)
    told = Message.objects.get(kind="person_address_changed")
    assert (told.recipient, f"endret fra {OLD} til {NEW}" in told.body_text) == (OLD, True)
    entry = LogEntry.objects.get(act="person.address_changed")
    assert sentence(entry) == f"En person byttet e-postadresse fra {OLD} til {NEW}."


@pytest.mark.parametrize("taken", ["now", "before", "meanwhile"])
def test_an_address_of_another_is_not_given_and_not_told_of(house, pia, taken):
    if taken == "before":
        FormerAddress.objects.create(user=house.stranger, email=NEW, until=NOW)
    if taken == "now":
        factories.user("En Annen", email=NEW)
    if taken == "meanwhile":
        token = link_to(pia)
        factories.user("En Annen", email=NEW)
        with pytest.raises(addresses.AddressError, match="i bruk"):
            addresses.take_address(pia, token, at=NOW)
    else:
        addresses.ask_for_address(pia, NEW, at=NOW)
        assert not Message.objects.filter(kind="new_address").exists()
    assert email_of(pia) == OLD


def test_it_is_changed_back(pia):
    changed = change(pia)
    again = change(changed, OLD)
    assert (again.email, list(FormerAddress.objects.values_list("email", flat=True))) == (OLD, [NEW])
    with pytest.raises(addresses.AddressError, match="adressen du har"):
        addresses.ask_for_address(again, OLD, at=NOW)


def test_an_old_link_is_not_taken(pia, settings):
    token = link_to(pia)
    settings.PASSWORD_RESET_TIMEOUT = -1
    with pytest.raises(addresses.AddressError, match="for gammel"):
        addresses.take_address(pia, token, at=NOW)
    assert email_of(pia) == OLD


# --- what follows ------------------------------------------------------------------------------------------


def test_a_place_for_the_old_address_is_the_person_s(house, pia):
    change(pia)
    invited = Invited(OLD.upper(), "Pia Gammel")
    assert people.find_or_invite(invited, tenant=house.community, by=house.secretary, at=NOW).pk == pia.pk


def test_mail_to_the_old_address_goes_to_the_new(house, pia):
    def to_pia(key):
        context = {"name": "Pia", "link": "https://example.org/", "days": 3, "address": OLD}
        queue("new_address", recipient=OLD, about=house.community, context=context, at=NOW, key=key)

    to_pia("before")
    change(pia)
    to_pia("after")
    jobs.run_all_due(NOW + timedelta(minutes=1))
    sent = [message.to for message in mail.outbox if "Pia!" in message.body]
    assert sent == [[NEW], [NEW]]
    assert [message.to for message in mail.outbox if "er endret fra" in message.body] == [[OLD]]
    assert set(Message.objects.filter(key__in=["before", "after"]).values_list("recipient", flat=True)) == {NEW}


def test_reminders_to_the_old_address_are_to_a_person_with_a_place(house, pia):
    change(pia)
    places = places_by_address([OLD, NEW, "ukjent@example.org"], local_date(NOW))
    assert {address: held.organisations for address, held in places.items()} == {
        OLD: {house.lead.pk},
        NEW: {house.lead.pk},
    }
