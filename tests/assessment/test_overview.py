"""Where the room is found: the rounds, the menu, and the tasks of the home page."""

import re
from datetime import timedelta

import pytest

from applications.models import StageEntry
from applications.workflow import StageState
from evaluation.assessment import waiting
from evaluation.assessment.room import ROOM
from evaluation.assessment.services import declaring
from evaluation.assessment.templatetags.assessment import points
from evaluation.assessment.turn import Turn, turn_url
from portal.clock import end_of_day
from portal.communities.queries import standing_at
from portal.rooms import tasks_of
from tests.assessment import world

pytestmark = pytest.mark.django_db


def tasks(person, at):
    return [
        (task.title, task.url)
        for panel, panel_tasks in tasks_of(person, at)
        if panel.key == "assessment"
        for task in panel_tasks
    ]


def test_rounds_with_their_counts(client, house, northern, application, at):
    world.sent(house, northern, at, status="submitted")
    client.force_login(house.secretary)
    (line,) = client.get("/assessment/round/").context["lines"]
    assert (line.code, line.total, line.counts) == (
        northern.code,
        2,
        (("submitted", "Sendt", 1), ("admitted", "Til vurdering", 1)),
    )


def test_round_is_listed_before_anything_has_come(client, house, northern):
    client.force_login(house.secretary)
    (line,) = client.get("/assessment/round/").context["lines"]
    assert (line.code, line.total) == (northern.code, 0)


def test_tasks_of_the_secretariat(house, northern, local, application, at):
    world.sent(house, northern, at, status="submitted")
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=house.chair, at=at)
    assert tasks(house.secretary, at) == [
        ("Kontroller 1 søknad", f"{turn_url(local, 'turn')}?status=submitted"),
        ("Fordel 1 søknad til vurdering", turn_url(local, "distribute")),
        (
            "Avgjør habiliteten til Kari Chair",
            f"/assessment/application/{application.code}/habilitet/{house.chair.pk}/",
        ),
    ]
    assert tasks(house.far_secretary, at) == []


def test_tasks_of_the_assessor(house, local, application, at):
    assert tasks(house.assessor, at) == []
    world.assign(application, local, house.assessor, house.secretary, at)
    assert tasks(house.assessor, at) == [("Vurder 1 søknad", "/assessment/desk/")]
    draft = world.assessing.begin(application, local, by=house.assessor, at=at)
    world.assessing.deliver(draft, local, world.given(local, 2), comment="", by=house.assessor, at=at)
    assert tasks(house.assessor, at) == []


def test_front_page_of_an_assessor_shows_what_was_given_and_asks_nobody_else(
    client, house, local, application, at, frozen_clock, django_assert_num_queries
):
    frozen_clock.move_to(at)
    member = fresh(house.member)
    with django_assert_num_queries(2):  # of the person's places; the assignments of a member are not looked for
        assert waiting._to_assess(standing_at(member, at)) == []
    world.deliver(application, local, house.member, at, by=house.secretary)
    client.force_login(house.member)
    page = client.get("/").text
    assert re.search(r'id="desk-title">Mine vurderinger</h2>', page)
    assert application.title in page
    client.force_login(house.chair)
    assert "desk-title" not in client.get("/").text


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("secretary", ["assessment:rounds"]),
        ("member", ["assessment:desk"]),
        ("chair", []),
        ("assessor", ["assessment:desk"]),
        ("applicant", []),
        ("nobody", ["assessment:desk"]),
    ],
)
def test_menu_shows_the_room_to_those_who_work_in_it(house, local, application, at, role, shown):
    """«Mine vurderinger» comes with the first that is given; of one without any place the menu cannot tell."""
    assert [item.url_name for item in ROOM.menu if item.visible(fresh(house.member))] == []
    world.assign(application, local, house.member, house.secretary, at)
    person = fresh(getattr(house, role))
    menu = ROOM.menu
    assert [item.url_name for item in sorted(menu, key=lambda item: item.order) if item.visible(person)] == shown


def fresh(person):
    """The person as the next request reads it."""
    return type(person).objects.get(pk=person.pk)


def test_desk_of_one_who_was_given_nothing_says_what_comes(client, house):
    client.force_login(house.member)
    page = client.get("/assessment/desk/").text
    assert ("Du har ikke fått noe å vurdere ennå" in page, "får du e-post" in page) == (True, True)


@pytest.mark.parametrize(("value", "shown"), [("65", "65,00"), ("65.84", "65,84"), (None, "–"), ("", "–")])
def test_scores_of_a_column_have_the_same_decimals(value, shown):
    assert points(value) == shown


def test_desk_says_in_its_heading_what_waits_and_until_when(client, house, local, application, at, frozen_clock):
    frozen_clock.move_to(at)
    due = world.assign(application, local, house.assessor, house.secretary, at).due_date

    def told():
        client.force_login(house.assessor)
        page = client.get("/assessment/desk/")
        step = page.context["step"]
        heading = re.search(r"<h1[^>]*>\s*(.+?)\s*</h1>", page.text)[1]
        return heading, step.title, step.act, step.due_at

    said = ("En søknad venter på din vurdering", application.title)
    assert told() == (*said, "Begynn vurderingen", end_of_day(due))
    application.habilitet.all().delete()
    assert told() == (*said, "Svar på habilitet", end_of_day(due))
    frozen_clock.move_to(end_of_day(due) + timedelta(hours=1))
    client.force_login(house.assessor)
    assert re.search(r"next-step__note.+?over", client.get("/assessment/desk/").text, re.DOTALL)


def test_desk_of_somebody_who_is_done(client, house, local, application, at, frozen_clock):
    frozen_clock.move_to(at)
    world.deliver(application, local, house.assessor, at, by=house.secretary)
    client.force_login(house.assessor)
    page = client.get("/assessment/desk/")
    assert ("Ingen søknader venter på din vurdering" in page.text, page.context["step"]) == (True, None)


def test_what_waits_for_a_decision_on_habilitet_is_no_task_of_the_assessor(
    client, house, northern, local, application, at, frozen_clock
):
    frozen_clock.move_to(at)
    doubtful = world.sent(house, northern, at, title="Uavklart")
    world.assign(doubtful, local, house.assessor, house.secretary, at)
    doubtful.habilitet.all().delete()
    answer = {"has_tie": True, "ground": "party", "explanation": "Søsteren min er part."}
    declaring.declare(doubtful, **answer, by=house.assessor, at=at)
    client.force_login(house.assessor)
    assert "Ingen søknader venter på din vurdering" in client.get("/assessment/desk/").text
    assert tasks(house.assessor, at) == []
    world.assign(application, local, house.assessor, house.secretary, at)
    assert "En søknad venter på din vurdering" in client.get("/assessment/desk/").text
    assert tasks(house.assessor, at) == [("Vurder 1 søknad", "/assessment/desk/")]


def test_the_rounds_are_headed_by_what_waits_for_the_check(client, house, northern, at):
    client.force_login(house.secretary)

    def heading():
        return client.get("/assessment/round/").context["heading"]

    nothing = heading()
    world.sent(house, northern, at, status="submitted")
    waiting = heading()
    assert (nothing, waiting) == ("Ingenting er kommet inn ennå", "Én venter på kontroll")


def test_the_rounds_lead_to_what_waits_for_the_check(client, house, northern, at):
    client.force_login(house.secretary)
    assert client.get("/assessment/round/").context["step"] is None
    world.sent(house, northern, at, status="submitted")
    step = client.get("/assessment/round/").context["step"]
    assert (step.text, step.url) == (northern.title, f"/assessment/round/{northern.code}/?status=submitted")


def test_a_list_has_no_column_for_points_that_are_not_given_nor_for_boxes_that_are_not_there(
    client, house, northern, local, application, monkeypatch
):
    client.force_login(house.secretary)

    def heads():
        page = client.get(turn_url(local, "turn")).text
        table = page.split("<table")[1]
        cells = table.split("</tr>")[1].count("<td") + table.split("</tr>")[1].count("<th")
        return "Poeng" in page.split("<main")[1], ">Velg<" in table, cells

    assert heads() == (True, True, 8)
    monkeypatch.setattr(Turn, "measures", ())
    assert heads() == (False, True, 7)
    StageEntry.objects.update(state=StageState.PRIORITISED)
    assert heads() == (False, False, 6)


def test_a_list_on_a_phone_is_ordered_by_one_menu_that_keeps_the_filter(client, house, northern, application):
    client.force_login(house.secretary)
    page = client.get(f"/assessment/round/{northern.code}/?status=admitted&sort=-amount&page=1").text
    menu = page.split('<form class="sort-menu')[1].split("</form>")[0]
    assert '<option value="-amount" selected>Søkt, høyest først</option>' in menu
    assert '<input type="hidden" name="status" value="admitted">' in menu
    assert ('name="page"' in menu, menu.count("selected")) == (False, 1)
