"""The demo: persons for every role, three rounds open today, applications in several states; loaded once."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from ruamel.yaml import YAML

from applications.models import Application
from portal import clock
from portal.communities.models import Affiliation, Body, Organisation, Seat, Side, User
from portal.communities.services import demo, register
from portal.journal.services import verify
from rounds.models import Round
from tests.scenarios import NOW

FIXTURES = settings.BASE_DIR / "fixtures"
PERSONS = FIXTURES / "demo/persons.yaml"
PARTNERS = ("Senja", "Bardu", "Salangen", "Lavangen", "Målselv", "Sørreisa", "Dyrøy")


@pytest.fixture
def people(db):
    """The register with the demo's persons."""
    register.load(FIXTURES / "organisations", at=NOW)
    return demo.load_persons(PERSONS, at=NOW)


def voting(body, side):
    return Seat.objects.filter(body__code=body, side=side, right="vote", deputy_for=None).count()


def test_persons_are_roles_at_example_org(people):
    assert people == User.objects.count() == 94
    assert {email.rpartition("@")[2] for email in User.objects.values_list("email", flat=True)} == {"example.org"}
    assert User.objects.first().check_password(YAML(typ="safe").load(PERSONS)["password"])


def test_every_partner_of_the_real_application_has_a_writer_and_a_signatory(people):
    names = [f"{name} kommune" for name in PARTNERS] + ["Universitetssykehuset Nord-Norge HF"]
    for organisation in Organisation.objects.filter(name__in=names):
        places = Affiliation.objects.filter(organisation=organisation)
        assert (places.filter(may_sign=True).exists(), places.filter(may_sign=False).exists()) == (True, True)
    assert Organisation.objects.filter(name__in=names).count() == 8


@pytest.mark.parametrize(("body", "sides"), [
    ("ssu-troms-ofoten", (4, 4)), ("ssu-innlandet", (8, 4)), ("tildelingsutvalg-helse-nord", (4, 4)),
])  # fmt: skip
def test_body_that_decides_has_both_sides_and_both_leaders(people, body, sides):
    assert (voting(body, Side.MUNICIPALITY), voting(body, Side.HOSPITAL)) == sides
    roles = Seat.objects.filter(body__code=body).exclude(role="member").values_list("role", flat=True)
    assert sorted(roles) == ["chair", "vice_chair"]


def test_ssu_has_seats_without_vote_and_deputies(people):
    seats = Seat.objects.filter(body__code="ssu-troms-ofoten")
    assert set(seats.filter(right="speak").values_list("side", flat=True)) == {"user", "gp", "union"}
    assert set(seats.filter(deputy_for__isnull=False).values_list("side", flat=True)) == {"municipality", "hospital"}


def test_every_secretariat_has_somebody_and_troms_ofoten_one_from_each_side(people):
    """R21, R27."""
    for body in Body.objects.filter(kind="secretariat"):
        assert body.seats.exists()
    own = Seat.objects.filter(body__code="sekr-troms-ofoten")
    assert sorted(own.values_list("side", flat=True)) == ["hospital", "municipality"]


def test_one_person_has_several_roles(people):
    """R20: vice-chair of the FSU that applies, and voting in the SSU that decides."""
    person = User.objects.get(email="nestleder.fsu.phr@example.org")
    assert sorted(person.seats.values_list("body__code", flat=True)) == ["fsu-phr-troms-ofoten", "ssu-troms-ofoten"]
    assert person.affiliations.get().organisation.name == "Harstad kommune"


def test_persons_are_loaded_once(people):
    assert demo.load_persons(PERSONS, at=NOW) == 0


@pytest.mark.parametrize(("old", "new"), [("921369417", "000000000"), ("ssu-troms-ofoten", "ssu-nowhere")])
def test_person_of_nothing_is_named_and_nobody_is_made(db, tmp_path, old, new):
    register.load(FIXTURES / "organisations", at=NOW)
    spoilt = tmp_path / "persons.yaml"
    spoilt.write_text(PERSONS.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(register.RegisterError, match=rf"@example\.org: {new} finnes ikke"):
        demo.load_persons(spoilt, at=NOW)
    assert not User.objects.exists()


@pytest.mark.slow
def test_demo_is_loaded_whole_and_once(db, settings):
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert said.getvalue().endswith("Demoen er lastet: 94 personer.\n")
    now = clock.now()
    assert [round_.phase_at(now) for round_ in Round.objects.all()] == ["open"] * 3
    found = sorted(Application.objects.values_list("round__code", "community__code", "status"))
    assert found == [
        ("helse-nord-2025", "helgeland", "submitted"),
        *[("helse-nord-2025", "troms-ofoten", "draft")] * 2,
        *[("helse-nord-2025", "troms-ofoten", "submitted")] * 3,
        ("innlandet-2024", "innlandet", "submitted"),
        ("troms-ofoten-2024", "troms-ofoten", "submitted"),
    ]
    assert verify() is None
    call_command("load_demo", stdout=StringIO())
    assert Application.objects.count() == 8


def test_command_says_what_is_wrong(db, monkeypatch, tmp_path, settings):
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "fixtures/organisations"
    folder.mkdir(parents=True)
    (folder / "register.yaml").write_text("regions: []\ncommunities: [{code: a, region: '1'}]\n")
    with pytest.raises(CommandError, match="regionen 1 finnes ikke"):
        call_command("load_demo", stdout=StringIO())
