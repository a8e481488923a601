"""A helsefellesskap with a deadline of its own, before or after the round's: every page says the one that holds."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from applications import permissions, queries
from applications.models import Application
from applications.services import drafts
from applications.services.drafts import StartError
from evaluation.meetings.queries.ended_bodies import unfinished_in
from portal.formats import deadline_in_words, deadline_no
from portal.permissions import Refused
from rounds import deadlines
from rounds.queries import deadline_for
from tests import factories
from tests.harness import worlds

pytestmark = pytest.mark.django_db

# Helgeland closes on 15 February, the round on 1 March, Troms og Ofoten on 8 March; each at 24.00.
HELGELAND, ROUND, TROMS = (datetime(2025, *day, 23, tzinfo=UTC) for day in ((2, 15), (3, 1), (3, 8)))
BETWEEN, AFTER_ROUND, AFTER_ALL = (datetime(2025, *day, 12, tzinfo=UTC) for day in ((2, 20), (3, 4), (3, 10)))
EARLY, LATE = deadline_no(HELGELAND), deadline_no(TROMS)


@worlds.world
def three(house):
    """The round with three deadlines, and somebody who writes for a municipality in Helgeland."""
    data = factories.definition().to_data()
    closes = {"troms-ofoten": "2025-03-08 24:00", "helgeland": "2025-02-15 24:00"}
    for item in data["communities"]:
        item["closes"] = closes.get(item["community"])
    of_round = factories.round_of(type(factories.definition()).model_validate(data))
    return of_round, factories.affiliation(factories.user(), house.far_municipality).user


def text_of(answer):
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def says(text, deadline, moment):
    """Whether the text has the deadline, in numbers as tables have it or as people say it at the moment."""
    return any(words in text for words in (deadline_no(deadline), deadline_in_words(deadline, moment)))


def person_of(house, three, role):
    return {"helgeland": three[1], "troms": house.applicant}[role]


def pages(client, of_round):
    """What the list, the call, «Mine søknader» and the page that starts say."""
    urls = (reverse("rounds:list"), of_round.get_absolute_url(), reverse("applications:list"))
    texts = [text_of(client.get(url)) for url in urls]
    start = client.get(reverse("applications:start", args=[of_round.code]))
    return *texts, start.status_code, text_of(start)


@pytest.mark.fault("C1")
@pytest.mark.parametrize(
    ("role", "moment", "told", "opens"),
    [
        ("helgeland", HELGELAND, HELGELAND, False),
        ("helgeland", BETWEEN, HELGELAND, False),
        ("troms", BETWEEN, TROMS, True),
        ("troms", AFTER_ROUND, TROMS, True),
        ("troms", TROMS, TROMS, False),
    ],
)
def test_every_page_has_the_deadline_of_ones_own(house, three, sign_in, role, moment, told, opens):
    of_round, _stranger = three
    with time_machine.travel(moment, tick=False):
        listed, call, written, status, start = pages(sign_in(person_of(house, three, role)), of_round)
    assert [says(text, told, moment) for text in (listed, call, start)] == [True, True, True]
    assert (says(listed, ROUND, moment), status) == (False, 200 if opens else 403)
    assert (of_round.title in written, says(written, told, moment)) == (opens, opens)
    assert ("Start søknad" in call) == opens


@pytest.mark.fault("C1")
def test_one_whose_own_has_closed_is_told_of_the_others(house, three):
    of_round, stranger = three
    assert permissions.can_start(stranger, of_round, now=BETWEEN) == Refused(
        f"Fristen i Helsefellesskap Helgeland gikk ut {EARLY}. Andre helsefellesskap tar imot søknader til {LATE}.",
        is_past=True,
    )
    assert permissions.can_start(stranger, of_round, now=AFTER_ALL) == Refused(
        f"Søknadsfristen gikk ut {EARLY}.", is_past=True
    )


@pytest.mark.fault("C1")
def test_a_visitor_sees_the_last_and_those_that_close_before(three, client):
    of_round, _stranger = three
    with time_machine.travel(AFTER_ROUND, tick=False):
        call, listed, front = (text_of(client.get(url)) for url in (of_round.get_absolute_url(), "/rounds/", "/"))
        questions = client.get(reverse("rounds:questions_pdf", args=[of_round.code]))
    passed = "Helsefellesskap Helgeland: fristen er ute"
    assert (says(call, TROMS, AFTER_ROUND), "Start søknad" in call) == (True, True)
    assert [passed in text for text in (call, listed, front)] == [True, True, True]
    assert questions.status_code == 200


@pytest.mark.fault("C1")
def test_an_officer_sees_that_of_the_own_secretariat(house, three, sign_in):
    with time_machine.travel(BETWEEN, tick=False):
        page = text_of(sign_in(house.secretary).get(reverse("assessment:rounds")))
    assert [says(page, deadline, BETWEEN) for deadline in (TROMS, ROUND, HELGELAND)] == [True, False, False]


@pytest.mark.fault("C1")
def test_no_draft_is_started_after_the_own_deadline(house, three):
    of_round, stranger = three
    with pytest.raises(StartError, match="Dere kan ikke starte en søknad her: fristen i Helsefellesskap Helgeland"):
        drafts.start(of_round, house.elsewhere, "For sent", house.far_municipality, by=stranger, at=HELGELAND)
    assert Application.objects.count() == 0
    assert drafts.start(of_round, house.community, "I tide", house.lead, by=house.applicant, at=AFTER_ROUND)


@pytest.mark.fault("C1")
def test_one_who_belongs_to_two_is_offered_the_one_that_is_open(house, three):
    of_round, stranger = three
    factories.affiliation(stranger, house.partner)
    both = deadline_for(of_round, stranger, BETWEEN)
    assert (both.at, both.earlier) == (TROMS, (("Helsefellesskap Helgeland", HELGELAND),))
    assert [item.code for item in queries.starting(stranger, of_round, BETWEEN).communities] == ["troms-ofoten"]


@pytest.mark.fault("C1")
def test_a_round_with_one_deadline_asks_nothing_of_the_database(house, django_assert_num_queries):
    of_round = factories.round_of(factories.definition())
    assert not deadlines.has_own(of_round.spec)
    with django_assert_num_queries(0):
        told = deadlines.deadline(of_round.spec, of_round.closes_at, ["troms-ofoten"])
    assert (told.at, told.earlier, told.later_elsewhere) == (of_round.closes_at, (), None)


@pytest.mark.fault("C1")
@pytest.mark.fault("C1")
@pytest.mark.parametrize(("moment", "is_needed"), [(AFTER_ROUND, True), (AFTER_ALL, False)])
def test_a_body_is_needed_until_the_deadline_of_its_own_helsefellesskap(house, three, moment, is_needed):
    of_round, _stranger = three
    of_round.stages.exclude(body=house.committee).update(body=house.ssu)
    assert bool(unfinished_in(house.ssu, moment)) is is_needed
    assert bool(unfinished_in(house.committee, moment)) is is_needed


def test_no_page_reads_the_deadline_of_the_round_itself():
    """The round's own deadline is read in the room of rounds, and compared with in one template there."""
    root = Path(settings.BASE_DIR)
    templates = {
        str(path.relative_to(root))
        for path in (root / "templates").rglob("*.html")
        if re.search(r"\b(of_)?round_?\.closes_at", path.read_text())
    }
    code = {
        str(path.relative_to(root))
        for room in ("applications", "evaluation")
        for path in (root / room).rglob("*.py")
        # The clock of the demo goes to the round's own deadline, whoever presses it.
        if path.parent.name != "demo" and re.search(r"\b(of_)?round_?\.closes_at", path.read_text())
    }
    assert (templates, code) == ({"templates/rounds/_aside.html"}, set())
