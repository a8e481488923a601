"""D1: from an empty database, by the commands of docs/operations.md, to a secretariat that gives places."""

import re
import shlex

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from applications.models import Application
from portal.communities.models import Affiliation, Organisation, Seat, User
from portal.communities.services import bodies
from portal.communities.services.people import Invited
from portal.communities.services.places import OwnRightError
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from rounds.models import Round
from tests import factories
from tests.harness.pure_modules import ROOT
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D1"), pytest.mark.usefixtures("frozen_clock")]
PASSWORD = "en setning som er lang nok"
TROMSO = "940101808"


def documented_commands():
    """The commands of «First data», without comments."""
    part = (ROOT / "docs/operations.md").read_text().split("## First data")[1].split("\n## ")[0]
    return [shlex.split(line, comments=True)[1:] for line in part.splitlines() if line.startswith("    manage.py ")]


def accept(email):
    """The person follows the link of the invitation, chooses a password, and signs in."""
    client = Client()
    body = Message.objects.get(kind="invitation", recipient=email).body_text
    link = next(word for word in body.split() if "/reset/key/" in word)
    form = client.get("/" + link.split("/", 3)[3], follow=True).request["PATH_INFO"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return client


def test_d1_the_documented_commands_lead_to_an_application(capsys):
    commands = documented_commands()
    names = [name for name, *_arguments in commands]
    assert names == ["load_register", "appoint", "appoint", "load_round", "load_plan"]
    for name, *arguments in commands:
        call_command(name, *arguments)
    printed = capsys.readouterr().out
    assert "Ingen kan gjøre noe i portalen ennå. Sett inn den første: manage.py appoint" in printed
    assert re.search(r"sekr-troms-ofoten +Helsefellesskapets sekretariat, ", printed)
    assert "Ola Nordmann er i Helsefellesskapets sekretariat" in printed
    assert "/account/password/reset/key/" in printed
    secretary = accept("ola.nordmann@example.org")
    organisation = Organisation.objects.get(orgnr=TROMSO)
    secretary.post(
        reverse("portal:affiliation_add", args=[organisation.pk]),
        {"email": "kari@example.org", "name": "Kari", "title": "Rådgiver", "from_date": "10.02.2025"},
    )
    assert Affiliation.objects.get().user.email == "kari@example.org"
    applicant = accept("kari@example.org")
    of_round = Round.objects.get()
    fields = {
        "community": "troms-ofoten",
        "title": "Bedre i lag",
        "owner": f"organisation-{organisation.pk}",
        "lead": "",
    }
    applicant.post(reverse("applications:start", args=[of_round.code]), fields)
    assert Application.objects.get().title == "Bedre i lag"


# --- appoint --------------------------------------------------------------------------------------


@pytest.fixture
def empty(house):
    """The secretariat of the other helsefellesskap, in which nobody sits."""
    Seat.objects.filter(body=house.far_secretariat).delete()
    return house.far_secretariat


def appoint(*arguments, **options):
    call_command("appoint", *arguments, **options)


def test_d1_the_first_is_told_logged_and_may_give_places(house, empty):
    appoint("ny@example.org", empty.code, name="Nils Ny", title="Rådgiver")
    seat = Seat.objects.get(body=empty)
    assert (seat.user.name, seat.title, seat.has_vote) == ("Nils Ny", "Rådgiver", False)
    entry = LogEntry.objects.get(act="seat.first_given")
    assert (entry.actor, entry.community_code) == (None, empty.community.code)
    assert sentence(entry) == "Sekretariatet fikk sin første person."
    told = Message.objects.filter(kind__startswith="place_changed").order_by("kind")
    assert [message.recipient for message in told] == ["ny@example.org", empty.tenant.post_address]
    assert "Den som drifter portalen, har gitt deg plass" in told[0].body_text
    assert accept("ny@example.org").get(reverse("portal:seat_add", args=[house.far_ssu.code])).status_code == 200


def test_d1_a_known_person_keeps_the_password_and_needs_no_name(house, empty, capsys):
    appoint(house.nobody.email, empty.code)
    assert Seat.objects.get(body=empty).user == house.nobody
    assert "reset/key" not in capsys.readouterr().out


def test_d1_a_secretariat_that_has_somebody_is_left_alone(house):
    with pytest.raises(CommandError, match=r"Helge Secretary og .* er i sekretariatet, og gir de andre plass"):
        appoint("ny@example.org", house.secretariat.code, name="Ny")
    assert not User.objects.filter(email="ny@example.org").exists()
    appoint("ny@example.org", house.secretariat.code, name="Ny", anyway=True)
    assert Seat.objects.filter(body=house.secretariat, user__email="ny@example.org").exists()


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        (["ny@example.org", "finnes-ikke"], {"name": "Ny"}, "Ingen organer har koden finnes-ikke. Uten folk er: "),
        (["ny@example.org", "{ssu}"], {"name": "Ny"}, "er ikke et sekretariat"),
        (["ny@example.org", "{empty}"], {}, "skriv navnet med --name"),
    ],
)
def test_d1_what_is_wrong_is_said(arguments, options, says, house, empty):
    with pytest.raises(CommandError, match=says):
        appoint(*(text.format(ssu=house.ssu.code, empty=empty.code) for text in arguments), **options)
    assert LogEntry.objects.count() == 0


# --- the region's secretariat -------------------------------------------------------------------------


def test_d1_the_regions_secretariat_puts_in_the_first(house, empty, sign_in):
    client = sign_in(house.regional_secretary)
    page = reverse("portal:seat_first", args=[empty.code])
    assert page in client.get(reverse("portal:body_list")).content.decode()
    client.post(page, {"email": "ny@example.org", "name": "Nils Ny", "title": ""})
    assert Seat.objects.get(body=empty).user.name == "Nils Ny"
    assert LogEntry.objects.get(act="seat.first_given").actor == house.regional_secretary
    assert client.get(page).status_code == 404
    assert page not in client.get(reverse("portal:body_list")).content.decode()


def test_d1_nobody_puts_in_oneself(house, empty, sign_in):
    person = house.regional_secretary
    fields = {"email": person.email, "name": person.name, "title": ""}
    answer = sign_in(person).post(reverse("portal:seat_first", args=[empty.code]), fields)
    assert "Du kan ikke gi deg selv en plass" in answer.content.decode()
    with pytest.raises(OwnRightError):
        bodies.appoint_first(empty, Invited(person.email, ""), title="", by=person, at=NOW)
    assert not Seat.objects.filter(body=empty).exists()


@pytest.mark.parametrize("role", ["secretary", "chair", "applicant", "nobody", "committee_chair"])
def test_d1_others_do_not(role, house, empty, sign_in):
    client = sign_in(getattr(house, role))
    page = reverse("portal:seat_first", args=[empty.code])
    assert (client.get(page).status_code, client.post(page, {"email": "x@example.org"}).status_code) == (404, 404)
    assert "Sett inn den første" not in client.get(reverse("portal:body_list")).content.decode()


def test_d1_another_regions_secretariat_does_not(house, sign_in):
    elsewhere = factories.community(region=factories.region())
    factories.handled(elsewhere)
    Seat.objects.filter(body__community=elsewhere).delete()
    code = elsewhere.bodies.get(kind="secretariat").code
    assert sign_in(house.regional_secretary).get(reverse("portal:seat_first", args=[code])).status_code == 404


def test_d1_who_has_no_place_is_told_what_to_do(house, sign_in):
    page = sign_in(house.nobody).get(reverse("portal:home")).content.decode()
    assert "Du har ikke fått noen plass ennå" in page
    assert reverse("portal:contact") in page
    assert (
        "Du har ikke fått noen plass ennå" not in sign_in(house.stranger).get(reverse("portal:home")).content.decode()
    )
