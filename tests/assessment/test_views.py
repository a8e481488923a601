"""The pages at work: what is posted, what is said back, and that nothing typed is lost."""

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from applications.services.status import advance
from applications.services.submitting import submit
from evaluation.assessment.models import (
    Assessment,
    Assignment,
    Habilitet,
    PriorityList,
    Recommendation,
    Score,
)
from evaluation.assessment.queries import export
from evaluation.assessment.scoring import middle
from evaluation.assessment.services import declaring, forwarding, freezing, prioritising
from evaluation.assessment.templatetags import assessment as filters
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world
from tests.habilitet import decide_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, application, local, assessor, secretary, at):
    """The assessor signed in, with the application given and habilitet answered."""
    world.assign(application, local, assessor, secretary, at)
    client.force_login(assessor)
    return client


def form(local, points="2", reason="Godt.", **more):
    data = {}
    for item in local.judged:
        data[f"points-{item.code}"] = points
        data[f"reason-{item.code}"] = reason
    return {**data, "comment": "Samlet.", "version": "1", **more}


def test_assessor_reads_the_answers_that_belong_to_a_criterion_beside_it(house, northern, local, client, at):
    application = applications_world.whole(house, northern)
    moment = applications_world.open_moment(northern)
    submit(application, by=house.applicant, at=moment)
    application.refresh_from_db()
    advance(application, "admit", by=house.secretary, at=moment)
    world.assign(application, local, house.assessor, house.secretary, at)
    client.force_login(house.assessor)
    page = client.get(f"/assessment/application/{application.code}/score/{local.stage.code}/").content.decode()
    block = page[page.index('id="k-benefit"') : page.index('id="k-spread"')]
    # The answers are read beside the criterion, on a phone where they are opened; a table is opened everywhere.
    told = [
        "Hvilken nytte forventes av prosjektet/piloten?",
        "Forventet nytte – tabell for beskrivelse av effekt/nytteverdi",
    ]
    assert re.findall(r'<h3 class="ds-heading">([^<]+)</h3>', block) == told
    assert (block.count("Les svarene her"), block.count("Se tabellen")) == (1, 1)
    papers = f"/assessment/application/{application.code}/papers/"
    assert f'href="{papers}"' in page
    # The papers begin with what it is in short; the facts of the sending stand beside them.
    read = client.get(papers).text
    assert read.index("Kort om søknaden") < read.index('id="svar-expected-benefit"')
    assert "Kvitteringsnummer" in read[read.index('<aside class="sticky"') : read.index("</aside>")]
    assert "minst 1 poeng" in " ".join(re.sub(r"<[^>]+>", "", block).split())


def score_url(application, local, more=""):
    return f"/assessment/application/{application.code}/score/{local.stage.code}/{more}"


# --- scoring ----------------------------------------------------------------------------------------


def test_save_shows_the_same_page_with_what_was_saved(desk, application, local):
    answer = desk.post(score_url(application, local), form(local, act="save"), follow=True)
    assert answer.redirect_chain == [(score_url(application, local), 302)]
    assert "Utkastet er lagret." in answer.content.decode()
    assert Score.objects.filter(points=2).count() == len(local.measures)


def test_deliver_goes_to_the_next_that_waits(desk, house, northern, application, local, secretary, at):
    following = world.sent(house, northern, at)
    world.assign(following, local, house.assessor, secretary, at)
    answer = desk.post(score_url(application, local), form(local, act="deliver"))
    assert answer["Location"] == score_url(following, local)
    answer = desk.post(score_url(following, local), form(local, act="deliver"))
    assert answer["Location"] == "/assessment/desk/"
    assert Assessment.objects.exclude(delivered_at=None).count() == 2


def test_unfinished_delivery_names_each_lack_and_keeps_the_words(desk, application, local):
    data = form(local, act="deliver", **{"reason-purpose": "", "points-plan": ""})
    answer = desk.post(score_url(application, local), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    titles = {item.code: item.title for item in local.judged}
    assert page.count(f"«{titles['purpose']}»: skriv en kort begrunnelse.") == 2
    assert page.count(f"«{titles['plan']}»: velg poeng, eller at du avstår.") == 2
    assert Score.objects.get(criterion__code="spread").reason == "Godt."


def test_points_off_the_scale_are_refused_and_kept(desk, application, local):
    answer = desk.post(score_url(application, local), form(local, points="99", act="save"))
    assert (answer.status_code, Score.objects.count()) == (422, 0)
    assert "Godt." in answer.content.decode()


def test_autosave_tells_the_time_and_the_total(desk, application, local):
    answer = desk.post(score_url(application, local, "draft/"), form(local, **{"points-plan": ""}))
    page = answer.content.decode()
    assert ("Lagret kl." in page, "66,67" in page, "1 kriterium gjenstår" in page) == (True, True, True)


def test_the_filled_button_saves_until_all_is_given(desk, house, northern, application, local, secretary, at):
    def filled():
        page = desk.get(score_url(application, local)).text
        buttons = re.findall(r'<button class="ds-button" data-size="sm"([^>]*) name="act"\s+value="(\w+)"', page)
        return [act for look, act in buttons if "data-variant" not in look]

    # The only one that waits: there is no next to go to.
    assert filled() == ["save"]
    assert 'value="next"' not in desk.get(score_url(application, local)).text
    world.assign(world.sent(house, northern, at), local, house.assessor, secretary, at)
    assert filled() == ["next"]
    desk.post(score_url(application, local), form(local, act="save"))
    assert filled() == ["deliver"]
    seen = desk.get(score_url(application, local)).context["form"]["seen"].value()
    answer = desk.post(score_url(application, local, "draft/"), form(local, seen=seen, **{"points-plan": ""}))
    assert 'data-remaining="1"' in answer.text


def test_autosave_after_delivery_says_so(desk, application, local):
    desk.post(score_url(application, local), form(local, act="deliver"))
    answer = desk.post(score_url(application, local, "draft/"), form(local, points="1"))
    assert "Vurderingen er levert og kan ikke endres." in answer.content.decode()
    assert not Score.objects.filter(points=1).exists()


def test_delivering_twice_is_a_conflict(desk, application, local):
    desk.post(score_url(application, local), form(local, act="deliver"))
    assert desk.post(score_url(application, local), form(local, act="deliver")).status_code == 409


def test_delivered_page_leads_to_the_comparison(desk, application, local):
    desk.post(score_url(application, local), form(local, act="deliver"))
    assert desk.get(score_url(application, local))["Location"] == f"/assessment/application/{application.code}/"


def test_autosave_of_somebody_signed_out_is_told(client, application, local):
    assert client.post(score_url(application, local, "draft/"), form(local)).status_code == 401


def test_the_next_to_assess_is_none_that_waits_for_a_decision_on_habilitet(
    desk, house, northern, application, local, secretary, at
):
    doubtful = world.sent(house, northern, at, title="Uavklart")
    world.assign(doubtful, local, house.assessor, secretary, at)
    doubtful.habilitet.all().delete()
    answer = {"has_tie": True, "ground": "party", "explanation": "Søsteren min er part."}
    declaring.declare(doubtful, **answer, by=house.assessor, at=at)
    assert desk.post(score_url(application, local), form(local, act="deliver")).url == "/assessment/desk/"


def test_new_version_is_confirmed_on_the_page(desk, application, local, at):
    desk.post(score_url(application, local), form(local, act="save", version="1"))
    world.freeze(application, at)
    assert "Jeg har lest den nye versjonen" in desk.get(score_url(application, local)).content.decode()
    assert desk.post(score_url(application, local), form(local, act="deliver")).status_code == 409
    desk.post(score_url(application, local, "read/"))
    assert desk.post(score_url(application, local), form(local, act="deliver", version="2")).status_code == 302


def test_reading_writes_nothing(desk, application, local):
    page = desk.get(score_url(application, local)).content.decode()
    assert (Assessment.objects.count(), 'name="version" value="1"' in page) == (0, True)


def test_version_on_the_screen_is_the_one_that_is_assessed(desk, application, local, at):
    world.freeze(application, at)
    answer = desk.post(score_url(application, local), form(local, act="deliver", version="1"))
    assert (answer.status_code, Assessment.objects.get().submission.version) == (409, 1)
    assert "Det er sendt en ny versjon" in answer.content.decode()


# --- habilitet --------------------------------------------------------------------------------------


def test_declaring_opens_the_scoring_page(client, house, application, local, at):
    due = local_date(at) + timedelta(days=3)
    world.assigning.assign(application, local, house.assessor, due_date=due, by=house.secretary, at=at)
    client.force_login(house.assessor)
    url = f"/assessment/application/{application.code}/habilitet/"
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"has_tie": "yes", "ground": "contact"}).status_code == 422
    assert client.post(url, {"has_tie": "no"})["Location"] == score_url(application, local)


def test_declared_tie_closes_the_case_until_it_is_decided(client, house, application, local, at):
    due = local_date(at) + timedelta(days=3)
    world.assigning.assign(application, local, house.assessor, due_date=due, by=house.secretary, at=at)
    client.force_login(house.assessor)
    base = f"/assessment/application/{application.code}"
    answer = client.post(f"{base}/habilitet/", {"has_tie": "yes", "ground": "contact", "explanation": "Kontakt."})
    assert answer["Location"] == "/assessment/desk/"
    assert client.get(f"{base}/papers/").status_code == 403
    client.force_login(house.secretary)
    page = f"{base}/habilitet/{house.assessor.pk}/"
    assert "Kontakt." in client.get(page).content.decode()
    assert client.post(page, {"is_recused": "yes", "ground": "", "reason": "Ja."}).status_code == 422
    assert client.post(page, {"is_recused": "yes", "ground": "contact", "reason": "Ja."}).status_code == 302
    assert Habilitet.objects.get().is_recused


# --- the secretariat --------------------------------------------------------------------------------


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def test_assessor_by_hand_from_the_list_or_by_address(office, house, application, local, frozen_clock, at):
    frozen_clock.move_to(at)
    url = f"/assessment/application/{application.code}/assessors/"
    due = (local_date(at) + timedelta(days=5)).isoformat()
    gone = factories.user(email="sluttet@example.org", is_active=False)
    for data in ({}, {"email": "ukjent@example.org"}, {"email": gone.email}, {"assessor": house.stranger.pk}):
        assert office.post(url, {**data, "due_date": due}).status_code == 422
    assert office.post(url, {"assessor": house.chair.pk, "due_date": due}).status_code == 302
    answer = office.post(url, {"email": house.recused_member.email, "due_date": due}, follow=True)
    assert "kan binde Tromsø kommune" in answer.content.decode()
    assert Assignment.objects.count() == 2


def test_distribution_from_the_page(office, house, application, local, frozen_clock, at):
    frozen_clock.move_to(at)
    due = (local_date(at) + timedelta(days=5)).isoformat()
    url = turn_url(local, "distribute")
    assert office.post(url, {"each": 1, "due_date": due}).status_code == 422
    data = {"assessors": [house.chair.pk], "each": 1, "due_date": due}
    assert "1 vurdering er fordelt." in office.post(url, data, follow=True).content.decode()


def test_what_lacks_assessors_is_counted_and_the_rest_beside_it(office, house, northern, local, at, frozen_clock):
    frozen_clock.move_to(at)
    one, other = world.sent(house, northern, at), world.sent(house, northern, at)
    url = turn_url(local, "distribute")
    assert "Fordel 2 søknader til vurdering" in office.get(url).text
    world.assign(one, local, house.chair, house.secretary, at)
    page = office.get(url).text
    assert ("Fordel 1 søknad til vurdering" in page, "1 er fordelt fra før." in page) == (True, True)
    assert [names for _one, names in office.get(url).context["shared"]] in (
        [[house.chair.name], []],
        [[], [house.chair.name]],
    )
    world.assign(other, local, house.chair, house.secretary, at)
    page = office.get(url).text
    assert ("Alle søknadene er fordelt" in page, "2 er fordelt fra før." in page) == (True, True)


def test_where_nothing_is_under_assessment_nothing_is_offered_for_sharing(office, house, northern, local, at):
    world.sent(house, northern, at, status="submitted")
    page = office.get(turn_url(local, "turn")).text
    assert ("Fordel valgte" in page, "Fordel alle" in page) == (False, False)
    assert "Én søknad, én skal kontrolleres</h1>" in page
    page = office.get(turn_url(local, "distribute")).text
    assert ("Ingenting å fordele nå" in page, 'name="each"' in page) == (True, False)


# --- list and export --------------------------------------------------------------------------------


def titles(answer):
    return [row.title for row in answer.context["rows"]]


def test_list_filters_and_sorts(office, house, northern, local, at):
    low = world.sent(house, northern, at, title="Alfa", amount=100)
    high = world.sent(house, northern, at - timedelta(days=1), title="Beta", amount=200)
    world.sent(house, northern, at - timedelta(days=2), title="Gamma", amount=150, status="submitted")
    world.deliver(high, local, house.assessor, at, 3, by=house.secretary)
    world.deliver(low, local, house.assessor, at, 1, by=house.secretary)
    url = turn_url(local, "turn")
    assert titles(office.get(url)) == ["Alfa", "Beta", "Gamma"]
    for query, expected in (
        ("sort=-amount", ["Beta", "Gamma", "Alfa"]),
        ("sort=title", ["Alfa", "Beta", "Gamma"]),
        ("sort=-total", ["Beta", "Alfa", "Gamma"]),
        ("sort=status", ["Gamma", "Alfa", "Beta"]),
        ("sort=tull", ["Alfa", "Beta", "Gamma"]),
        ("status=submitted", ["Gamma"]),
        ("status=tull", ["Alfa", "Beta", "Gamma"]),
        ("text=bet", ["Beta"]),
        (f"text={low.code.lower()}", ["Alfa"]),
        ("text=Tromsø", ["Alfa", "Beta", "Gamma"]),
        (f"assessor={house.assessor.pk}", ["Alfa", "Beta"]),
        (f"municipality={house.partner.pk}", []),
        ("page=999", ["Alfa", "Beta", "Gamma"]),
    ):
        assert (query, titles(office.get(f"{url}?{query}"))) == (query, expected)


def test_export_is_a_file_that_norwegian_excel_reads(office, house, northern, local, at):
    risky = world.sent(house, northern, at, title="=HYPERLINK(1)")
    world.deliver(risky, local, house.assessor, at, 2, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, risky, house.secretary, at, reason="@SUM(A1);\nny linje")
    world.sent(house, northern, at, title="Uten poeng")
    data = b"".join(office.get(turn_url(local, "export")).streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert (first["Navn"], first["Begrunnelse"]) == ("'=HYPERLINK(1)", "'@SUM(A1);\nny linje")
    assert (first["Poeng (snitt)"], first["Plass"], first["Innstilt beløp"]) == ("66,67", "1", "450000")
    assert first[local.judged[0].title] == "2,00"
    assert (second["Navn"], second["Poeng (snitt)"]) == ("Uten poeng", "")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_file_do_not_grow(office, house, northern, local, at, number, django_assert_num_queries):
    for _number in range(number):
        world.deliver(world.sent(house, northern, at), local, house.assessor, at, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    # SQLite is asked once whether it knows JSON.
    assert connection.features.supports_json_field
    with django_assert_num_queries(10):
        data = b"".join(office.get(turn_url(local, "export")).streaming_content)
    assert len(data.splitlines()) == 1 + number


@pytest.mark.fault("C18")
def test_a_mean_in_the_file_is_the_mean_on_the_page():
    """2, 2, 2 and 2.5: the binary number 2.125 written with two decimals is 2.12."""
    mean = middle([Decimal(2), Decimal(2), Decimal(2), Decimal("2.5")]).mean
    assert (export.safe(Decimal("8.5") / 4), filters.points(mean)) == ("2,13", "2,13")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\u00a0=1", "\r=1"])
def test_cell_is_never_a_formula(text):
    assert export.safe(text) == f"'{text}"


# --- board ------------------------------------------------------------------------------------------


@pytest.mark.requirement("R50")
def test_board_is_worked_through_the_pages(office, house, northern, local, at):
    one, two = (world.sent(house, northern, at, title=title) for title in ("En", "To"))
    office.post(turn_url(local, "board"))
    for too_far in ("9" * 30, "2147483648", "-1"):
        assert office.post(turn_url(local, "move", two.code), {"place": too_far}).status_code < 500
    assert office.post(turn_url(local, "move", two.code), {"place": "1"})["Location"].endswith(f"?page=1#s-{two.code}")
    answer = office.post(turn_url(local, "move", two.code), {"place": "ni"}, follow=True)
    assert "Skriv plassen som et tall." in answer.content.decode()
    for sent, why in (
        ({"place": "0"}, "Skriv et tall fra 1."),
        ({"place": "-1"}, "Skriv et tall fra 1."),
        ({"place": "1", "reason": "x" * 501}, "500 tegn"),
    ):
        refused = office.post(turn_url(local, "move", two.code), sent)
        page = refused.content.decode()
        assert (refused.status_code, why in page, "Skriv plassen som et tall." in page) == (422, True, False)
        # What was typed is still there, in the row of the application.
        assert (page.count("<details open>"), f'value="{sent.get("reason", "")}"' in page) == (1, "reason" in sent)
    url = turn_url(local, "recommend", two.code)
    assert office.post(url, {"outcome": "granted", "amount": "999999999", "reason": "Ja."}).status_code == 422
    answer = office.post(url, {"outcome": "granted", "amount": "", "reason": "Ja.", "act": "next"})
    assert answer["Location"] == turn_url(local, "recommend", one.code)
    office.post(turn_url(local, "recommend", one.code), {"outcome": "not_prioritised", "reason": "Nei."})
    office.post(turn_url(local, "considerations"), {"considerations": "Kapasiteten holder."})
    for task in ("approve", "assess"):
        office.post(turn_url(local, "record_task", task), {f"{task}-note": "SSU 10.03.2025"})
    assert "Dette må være på plass" not in office.get(turn_url(local, "freeze")).content.decode()
    shown = office.get(turn_url(local, "freeze")).context["shown"]
    assert office.post(turn_url(local, "freeze"), {"shown": shown})["Location"] == turn_url(local, "list")
    assert "Kapasiteten holder." in office.get(turn_url(local, "list")).content.decode()
    shown = office.get(turn_url(local, "forward")).context["shown"]
    assert office.post(turn_url(local, "forward"), {"shown": shown})["Location"] == turn_url(local, "package")
    assert office.get(turn_url(local, "package"), follow=True).status_code == 200
    assert Recommendation.objects.get(application=two).rank == 1


@pytest.mark.requirement("R49", "R50")
def test_capacity_of_the_portfolio_is_judged_once_for_the_list_and_in_no_application(house, client, at):
    """Three principles are judged in each application; the fourth by the secretariat, of the list as a whole."""
    home, of_round = factories.innlandet(), applications_world.real_round("innlandet-2024")
    turn = world.turn(of_round, community=home)
    one, two = (world.sent(house, of_round, at, community=home, title=title) for title in ("En", "To"))
    office = factories.seat(home.bodies.get(code="sekr-innlandet")).user
    world.assign(one, turn, house.assessor, office, at)
    principles = ["Fremtidens behov", "Dagens samhandlingsutfordringer", "Partnernes egne ressurser", "Total kapasitet"]

    client.force_login(house.assessor)
    scoring = client.get(score_url(one, turn)).content.decode()
    assert [title in scoring for title in principles] == [True, True, True, False]

    client.force_login(office)
    client.post(turn_url(turn, "board"))
    for application in (one, two):
        world.recommend(turn, application, office, at)
    board = client.get(turn_url(turn, "board")).content.decode()
    assert [title in board for title in principles] == [False, False, False, True]
    assert "Total kapasitet for å sikre gjennomføringskraft av porteføljen er hensyntatt." in board
    client.post(turn_url(turn, "considerations"), {"considerations": "Begge kan gjennomføres i 2025."})

    world.do_tasks(turn, office, at)
    frozen = freezing.freeze(turn, by=office, at=at).snapshot
    assert frozen["considerations"] == "Begge kan gjennomføres i 2025."
    assert "gjennomføres" not in json.dumps(frozen["rows"], default=str, ensure_ascii=False)


def test_freeze_that_is_not_ready_says_so(office, application, local, secretary, at):
    office.post(turn_url(local, "board"))
    answer = office.post(turn_url(local, "freeze"))
    assert (answer.status_code, "Dette må være på plass først" in answer.content.decode()) == (422, True)


def test_nothing_is_locked_that_was_not_on_the_page(office, house, northern, local, at):
    one, two = (world.sent(house, northern, at, title=title) for title in ("En", "To"))
    prioritising.set_up(local, by=house.secretary, at=at)
    for application in (one, two):
        world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    url = turn_url(local, "freeze")
    shown = office.get(url).context["shown"]
    row = Recommendation.objects.get(application=one)
    colleague = {"by": house.hospital_secretary, "at": at}
    prioritising.consider(local, texts={"considerations": "Kapasiteten holder."}, **colleague)
    prioritising.move(row, local, position=2, reason="Mer moden.", **colleague)
    for sent, why in (
        ({"shown": shown}, "Listen er endret siden du så den: «To», «En», vurderingen av helheten."),
        ({}, "Se over listen slik den er nå, før du låser den."),
    ):
        answer = office.post(url, sent)
        page = answer.content.decode()
        assert (answer.status_code, why in page, "Kapasiteten holder." in page) == (422, True, True)
        assert not PriorityList.objects.get().is_frozen
    assert office.post(url, {"shown": answer.context["shown"]})["Location"] == turn_url(local, "list")


def test_inhabil_secretary_does_not_lock_the_list(office, house, application, local, at):
    prioritising.set_up(local, by=house.secretary, at=at)
    decide_about(
        application,
        house.secretary,
        is_recused=True,
        ground="party",
        reason="Part.",
        by=house.hospital_secretary,
        at=at,
    )
    assert office.get(turn_url(local, "freeze")).status_code == 403


def test_ranking_shows_ties_and_the_line(client, house, at):
    of_round = applications_world.real_round("troms-ofoten-2024")
    turn = world.turn(of_round, community=house.community)
    for points, amount in ((5, 10_000_000), (3, 8_000_000), (3, 1)):
        application = world.sent(house, of_round, at, amount=amount)
        world.deliver(application, turn, house.assessor, at, points, by=house.secretary)
    client.force_login(house.secretary)
    rows = client.get(turn_url(turn, "board")).context["rows"]
    assert [(row.place, row.is_tied, row.running, row.is_within, row.is_last_within) for row in rows] == [
        (1, False, 10_000_000, True, False),
        (2, True, 18_000_000, True, True),
        (2, True, 18_000_001, False, False),
    ]


def test_the_region_sees_its_round_before_any_list_has_come(house, northern, client):
    client.force_login(house.regional_secretary)
    page = client.get(reverse("assessment:rounds")).text
    assert (northern.title in page, "Ingen søknader er oversendt ennå." in page) == (True, True)


def test_where_a_stage_checks_nothing_its_list_waits_for_no_check(house, northern, local, application, at, client):
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    freezing.freeze(local, by=house.secretary, at=at)
    forwarding.forward(local, by=house.secretary, at=at)
    client.force_login(house.regional_secretary)
    page = client.get(reverse("assessment:round", args=[northern.code]))
    assert (page.context["heading"], page.context["check_url"]) == ("Én søknad", "")
    assert client.get(reverse("assessment:rounds")).context["heading"] == "Én er kommet inn"
