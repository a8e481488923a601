"""The register of the fixtures: complete, valid, loaded once, and left as the secretariat has made it."""

import csv
import shutil
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.communities.models import Body, BodyKind, DecisionRule, HealthCommunity, Organisation, validate_orgnr
from portal.communities.services.register import Loaded, RegisterError, load
from portal.journal.models import LogEntry
from tests.world import NOW

FOLDER = settings.BASE_DIR / "fixtures/organisations"
NORTH = ["troms-ofoten", "helgeland", "finnmark", "lofoten-vesteralen-salten"]


@pytest.fixture
def register(db):
    return load(FOLDER, at=NOW)


@pytest.fixture
def folder(tmp_path):
    """A copy of the register's files to be spoilt."""
    return shutil.copytree(FOLDER, tmp_path / "register")


def test_register_holds_what_the_documents_name(register):
    assert register == Loaded(organisations=132, communities=5, bodies=24)
    north = HealthCommunity.objects.filter(region__orgnr="883658752")
    assert sorted(north.values_list("code", flat=True)) == sorted(NORTH)
    counts = {
        code: Organisation.objects.filter(community__code=code, kommunenr__isnull=False).count() for code in NORTH
    }
    assert counts == {"troms-ofoten": 24, "helgeland": 18, "finnmark": 18, "lofoten-vesteralen-salten": 20}
    trusts = Organisation.objects.filter(kind="hospital_trust").values_list("community__code", "orgnr")
    assert set(trusts) == {
        ("troms-ofoten", "983974899"), ("helgeland", "983974929"), ("finnmark", "983974880"),
        ("lofoten-vesteralen-salten", "983974910"), ("innlandet", "983971709"),
    }  # fmt: skip


def test_every_number_is_valid_and_every_municipality_can_be_lead(register):
    for organisation in Organisation.objects.exclude(orgnr=None):
        validate_orgnr(organisation.orgnr)
    assert not Organisation.objects.filter(kommunenr__isnull=False, orgnr=None).exists()
    assert Organisation.objects.get(kommunenr="5501").orgnr == "940101808"


def test_memberships_that_are_inferred_are_marked(register):
    confirmed = Organisation.objects.filter(kommunenr__isnull=False, membership_is_inferred=False)
    assert sorted(confirmed.values_list("name", flat=True)) == [
        "Bardu kommune", "Dyrøy kommune", "Harstad kommune", "Lavangen kommune", "Målselv kommune", "Narvik kommune",
        "Nordreisa kommune", "Salangen kommune", "Senja kommune", "Sørreisa kommune", "Tromsø kommune",
    ]  # fmt: skip


def test_sami_names_and_areas_are_kept(register):
    kafjord = Organisation.objects.get(kommunenr="5540")
    assert (kafjord.parallel_name, kafjord.sami_area) == ("Gáivuotna - Kåfjord - Kaivuono", "nordsamisk")
    assert Organisation.objects.exclude(sami_area="").count() == 10


def test_innlandet_has_seven_areas(register):
    areas = Organisation.objects.filter(community__code="innlandet", kommunenr__isnull=False)
    assert areas.values("hospital_area").distinct().count() == 7


@pytest.mark.requirement("R18", "R19", "R30")
def test_troms_ofoten_has_the_bodies_of_the_action_plan(register):
    """R18, R19, R30."""
    bodies = Body.objects.filter(community__code="troms-ofoten")
    assert sorted(bodies.values_list("abbreviation", flat=True)) == [
        "FSU AKM", "FSU AVVIK", "FSU BU", "FSU DIG", "FSU FLR", "FSU PHR", "FSU REST", "PM", "SEKR", "SSU",
    ]  # fmt: skip
    ssu = bodies.get(abbreviation="SSU")
    assert set(bodies.filter(kind=BodyKind.FSU).values_list("appointed_by", flat=True)) == {ssu.pk}
    assert (ssu.decision_rule, ssu.appointed_by.abbreviation) == (DecisionRule.CONSENSUS, "PM")
    assert ssu.authority.startswith("Samarbeidsavtalen")


def test_region_has_its_committee_and_secretariat(register):
    codes = Body.objects.filter(region__orgnr="883658752").values_list("code", flat=True)
    assert set(codes) == {"tildelingsutvalg-helse-nord", "sekr-helse-nord"}


def test_loading_again_adds_nothing_and_keeps_what_was_changed(register):
    HealthCommunity.objects.filter(code="helgeland").update(post_address="endret@example.org")
    Organisation.objects.filter(kommunenr="1833").update(name="Rana kommune, helse")
    assert load(FOLDER, at=NOW) == Loaded(0, 0, 0)
    assert HealthCommunity.objects.get(code="helgeland").post_address == "endret@example.org"
    assert Organisation.objects.get(kommunenr="1833").name == "Rana kommune, helse"
    assert LogEntry.objects.filter(act="register.loaded").count() == 2


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("municipalities.csv", "940101808", "940101809", r"csv, linje \d+, Tromsø kommune: orgnr: .*kontroll"),
        ("municipalities.csv", "troms-ofoten", "troms", r"linje \d+: helsefellesskapet «troms» finnes ikke"),
        ("register.yaml", 'region: "883658752"', 'region: "000000000"', "troms-ofoten: regionen 000000000 finnes ikke"),
        ("register.yaml", "kind: ssu", "kind: sau", r"register\.yaml, .*: kind: "),
        ("register.yaml", "post.unn@example.org", "post.unn", r"register\.yaml, .*: post_address: "),
        ("register.yaml", "appointed_by: pm-troms-ofoten", "appointed_by: pm", "appointed_by pm finnes ikke"),
    ],
    ids=["number", "community", "region", "kind", "address", "parent"],
)  # fmt: skip
def test_mistake_is_named_and_nothing_is_loaded(db, folder, name, old, new, reason):
    spoil(folder, name, old, new)
    with pytest.raises(RegisterError, match=reason):
        load(folder, at=NOW)
    assert not Organisation.objects.exists()


def test_command_says_what_is_new_and_what_is_wrong(db, folder):
    said = StringIO()
    call_command("load_register", folder=folder, stdout=said)
    assert said.getvalue().splitlines() == [
        "Nytt i registeret: 132 organisasjoner, 5 helsefellesskap, 24 organer.",
        "Ingen kan gjøre noe i portalen ennå. Sett inn den første: manage.py appoint",
    ]
    spoil(folder, "municipalities.csv", "troms-ofoten", "troms")
    with pytest.raises(CommandError, match="«troms» finnes ikke"):
        call_command("load_register", folder=folder)


@pytest.mark.sqlite
def test_fixture_is_one_municipality_a_line_in_order_of_number():
    with (FOLDER / "municipalities.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    numbers = [row["kommunenr"] for row in rows]
    assert numbers == sorted(set(numbers))
    assert (len(rows), sum(row["community"] == "innlandet" for row in rows)) == (120, 40)
    assert {row["membership"] for row in rows} == {"named", "inferred"}
