"""The demo: persons for every role, three rounds, and in each of them something to do; loaded once."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from ruamel.yaml import YAML

from applications.models import Application
from evaluation.assessment.models import PriorityList
from evaluation.decisions.models import Letter
from evaluation.meetings.models import Meeting
from portal import clock
from portal.communities.models import Affiliation, Body, Organisation, Seat, Side, User
from portal.communities.services import demo, register
from portal.journal.models import LogEntry
from portal.journal.services import verify
from portal.mail.models import Message
from portal.rooms import tasks_of
from rounds.models import Round
from tests import stages
from tests.harness import worlds
from tests.world import NOW

FIXTURES = settings.BASE_DIR / "fixtures"
PERSONS = FIXTURES / "demo/persons.yaml"
# Who signs in, in the rows «| 1 the house | … | … |»; «each kommunedirektor.…@» is many.
TABLE = re.compile(r"^\| \d [^|]+\| ([^|]+)\|", re.MULTILINE)
ADDRESS = re.compile(r"([a-z][a-z.]*[a-z])@")
PARTNERS = ("Senja", "Bardu", "Salangen", "Lavangen", "Målselv", "Sørreisa", "Dyrøy")


@worlds.world
def people():
    """The register with the demo's persons."""
    register.load(FIXTURES / "organisations", at=NOW)
    return demo.load_persons(PERSONS, at=NOW)


def voting(body, side):
    return Seat.objects.filter(body__code=body, side=side, right="vote", deputy_for=None).count()


def test_persons_are_roles_at_example_org(people):
    assert people == User.objects.count() == 95
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


@pytest.mark.requirement("R21", "R27")
def test_every_secretariat_has_somebody_and_troms_ofoten_one_from_each_side(people):
    """R21, R27."""
    for body in Body.objects.filter(kind="secretariat"):
        assert body.seats.exists()
    seats = Seat.objects.filter(body__code="sekr-troms-ofoten")
    assert sorted(seats.values_list("side", flat=True)) == ["hospital", "municipality"]


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


# `make demo` runs on SQLite. On PostgreSQL tests/test_every_page.py loads it, and each page of it is opened.
@pytest.mark.slow
@pytest.mark.smoke
@pytest.mark.sqlite
@pytest.mark.timeout(240)
@pytest.mark.fault("D22")
def test_demo_is_loaded_whole_and_once(db, settings):
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert said.getvalue() == "Demoen er lastet: 95 personer.\n"
    now = clock.now()
    assert sorted((round_.code, str(round_.phase_at(now))) for round_ in Round.objects.all()) == [
        ("helse-nord-2025", "open"),
        ("innlandet-2024", "closed"),
        ("troms-ofoten-2024", "closed"),
    ]
    statuses = sorted(Application.objects.values_list("round__code", "community__code", "status"))
    assert statuses == [
        *[("helse-nord-2025", "helgeland", "admitted")] * 2,
        *[("helse-nord-2025", "troms-ofoten", "admitted")] * 3,
        ("helse-nord-2025", "troms-ofoten", "correction"),
        *[("helse-nord-2025", "troms-ofoten", "draft")] * 2,
        ("helse-nord-2025", "troms-ofoten", "submitted"),
        ("innlandet-2024", "innlandet", "in_operation"),
        ("innlandet-2024", "innlandet", "partly_granted"),
        *[("innlandet-2024", "innlandet", "rejected")] * 2,
        *[("troms-ofoten-2024", "troms-ofoten", "prioritised")] * 3,
    ]
    everybody_of_the_readme_has_something_to_do(now)
    the_story_is_told_in_order(now)
    mail_was_sent_when_it_was_due()
    what_the_lists_carry_is_what_the_applications_say()
    call_command("load_demo", stdout=StringIO())
    assert Application.objects.count() == 16


def what_the_lists_carry_is_what_the_applications_say():
    assert Application.objects.exclude(submitted_at=None).exists()
    assert stages.carried_wrongly() == []


def mail_was_sent_when_it_was_due():
    """The mail of what happened before the loading, which «Postkassen» shows with its dates."""
    sent = Message.objects.values_list("queued_at", "sent_at")
    assert len(sent) > 100
    assert [late for queued, at in sent if (late := at - queued) > settings.MAIL_WAIT] == []


def everybody_of_the_readme_has_something_to_do(now):
    """The table of the README, and what waits for each on the home page."""
    waiting = {
        address: [panel.key for panel, _tasks in tasks_of(User.objects.get(email=f"{address}@example.org"), now)]
        for row in TABLE.findall((settings.BASE_DIR / "README.md").read_text(encoding="utf-8"))
        for address in ADDRESS.findall(row)
    }
    assert waiting == {
        "samhandlingsleder.kommunene": ["assessment", "raised", "meetings", "plan_status"],
        "samhandlingsleder.helgeland": ["assessment"],
        "prosjektleder.senja": ["drafts"],
        # Signs what the visitor writes, when asked to; the draft that is there is signed already.
        "direktor.unn": [],
        "vurderer.kommunene": ["assessment"],
        "ssu.leder": ["meetings"],
        "ssu.medlem.senja": ["drafts", "meetings"],
        "kommunedirektor.tromso": ["comments"],
        "leder.tildelingsutvalget": [],  # The meeting is more than a week ahead.
        "samhandlingssjef.innlandet": ["follow_up", "letters", "period_reports"],
        "daglig.leder.fastlegekontoret": [],  # Reads what was decided.
        "kommunedirektor.hamar": ["projects"],
        "prosjektleder.hamar": ["projects"],
    }


def the_story_is_told_in_order(now):
    """As it would have been: every line of the log later than the one before, nothing to come, nothing changed."""
    moments = list(LogEntry.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] < now
    assert verify() is None
    lists = PriorityList.objects.order_by("round__code", "community__code").values_list(
        "round__code", "community__code", "document__sha256"
    )
    assert [(code, receiver, bool(sha256)) for code, receiver, sha256 in lists] == [
        ("helse-nord-2025", "helgeland", False),
        ("helse-nord-2025", "troms-ofoten", False),
        ("innlandet-2024", "innlandet", True),
        ("troms-ofoten-2024", "troms-ofoten", True),
    ]
    assert sorted(Letter.objects.values_list("kind", "status")) == [
        ("granted", "sent"),
        ("partly_granted", "sent"),
        *[("postponed", "sent")] * 2,
        ("rejected", "draft"),
        ("rejected", "sent"),
    ]
    assert list(Meeting.objects.order_by("starts_at").values_list("body__code", "status")) == [
        ("ssu-troms-ofoten", "adopted"),
        *[("ssu-innlandet", "adopted")] * 2,
        ("ssu-troms-ofoten", "planned"),
        ("tildelingsutvalg-helse-nord", "planned"),
    ]


def test_command_says_what_is_wrong(db, monkeypatch, tmp_path, settings):
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "fixtures/organisations"
    folder.mkdir(parents=True)
    (folder / "register.yaml").write_text("regions: []\ncommunities: [{code: a, region: '1'}]\n")
    with pytest.raises(CommandError, match="regionen 1 finnes ikke"):
        call_command("load_demo", stdout=StringIO())
