"""«Rangering og innstilling»: what is drawn of the points and the frame, and what is to be done next."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.models import Result
from evaluation.assessment.queries import ranking as rankings
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.turn import turn_url
from portal.journal.models import LogEntry
from rounds.outcomes import Outcome
from tests.applications import world as applications_world
from tests.assessment import world
from tests.habilitet import decide_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(house, sign_in):
    return sign_in(house.secretary)


def told(client, turn, query=""):
    """The page with ordinary spaces, without what is between the words."""
    page = client.get(turn_url(turn, "board") + query).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", page)


def row_of(page, application):
    """The row of an application."""
    return re.search(rf'<tr id="s-{application.code}">.*?</tr>', page)[0]


@pytest.fixture
def judged(house, northern, local, at):
    """Two assessors differ by three points of five on the first criterion, and by one on the others."""
    application = world.sent(house, northern, at, title="Uenig")
    first, *_others = local.measures
    for person, most in ((house.assessor, 0), (house.chair, 3)):
        differs = {first.code: Given(Decimal(most), reason="Uenig.")}
        world.deliver(application, local, person, at, 2, by=house.secretary, **differs)
    return application


def test_points_are_those_of_the_assessments_that_count(house, northern, local, at, judged):
    first, *others = local.measures
    result = Result.objects.get()
    assert result.criteria == {first.code: ["1.50", "3.00"], **{measure.code: ["2.00", "0.00"] for measure in others}}
    assert result.totals == ["50.00", "75.00"]
    decide_about(judged, house.chair, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at)
    assert Result.objects.get().totals == ["50.00"]


def test_row_has_the_means_as_steps_and_each_assessor_as_a_dot(office, house, local, at, judged):
    prioritising.set_up(local, by=house.secretary, at=at)
    row = row_of(told(office, local), judged)
    assert re.findall(r'class="heat" data-step="(\d)"( data-differ)?>([\d,]+)', row) == [
        ("3", " data-differ", "1,50"),
        *[("4", "", "2,00")] * 5,
    ]
    assert row.count("vurdererne er uenige") == 1
    assert re.findall(r'<circle cx="([\d.]+)"', row) == ["54", "79"]
    assert '<rect x="65.5" y="0"' in row
    assert "50 · 75" in row
    assert 'svg aria-hidden="true"' in row


def test_many_assessors_are_told_by_the_lowest_the_highest_and_the_median(office, house, northern, local, at):
    application = world.sent(house, northern, at)
    for number, person in enumerate(
        (house.assessor, house.chair, house.fsu_leader, house.applicant, house.hospital_secretary)
    ):
        world.deliver(application, local, person, at, number % 4, by=house.secretary)
    page = told(office, local)
    assert "0–100 · median 33" in page
    assert page.count("<circle") == 5


def test_page_before_the_list_is_the_ranking_with_the_act_that_sets_it_up(office, house, northern, local, at, judged):
    assert Application.objects.count() == 1
    page = told(office, local)
    assert ">1 søknad til vurdering står ikke på listen</h1>" in page
    assert re.search(r'<form method="post" action="[^"]+/board/" data-once>.{0,200}Sett opp listen etter poeng', page)
    assert ">1</td>" in page.replace("\n", "").replace(" <", "<")
    assert 'data-step="3" data-differ' in page
    assert office.get(turn_url(local, "ranking"))["Location"] == turn_url(local, "board")
    office.post(turn_url(local, "board"))
    assert f'id="s-{judged.code}"' in told(office, local)


def test_those_that_have_come_since_are_below_the_list_with_the_act_that_takes_them_in(
    office, house, northern, local, at, judged
):
    prioritising.set_up(local, by=house.secretary, at=at)
    late = world.sent(house, northern, at, title="Kom etterpå")
    page = told(office, local)
    assert "Sett den nederst på listen" in page
    assert page.index("Uenig") < page.index("Kom etterpå") < page.index("Ikke på listen")
    assert f'id="s-{late.code}"' not in page
    office.post(turn_url(local, "board"))
    assert "Ikke på listen" not in told(office, local)


def news_of(page):
    """The heading of the page, and the act of its next step."""
    return re.search(r"<h1[^>]*>([^<]+)</h1>", page)[1], step_of(page)[1]


def step_of(page):
    """The heading and the act of the next step."""
    step = re.search(r'<section class="next-step".*?</section>', page)[0]
    act = re.search(r'<(?:a|button) class="ds-button"[^>]*>([^<]+)', step)
    return re.search(r'id="next-step-title">([^<]+)<', step)[1], act[1].strip() if act else ""


def test_next_step_follows_the_list_from_its_beginning_to_its_lock(office, house, northern, local, at):
    low, high = (world.sent(house, northern, at, title=title) for title in ("Lav", "Høy"))
    for application, points in ((low, 1), (high, 3)):
        world.deliver(application, local, house.assessor, at, points, by=house.secretary)

    def step():
        return news_of(told(office, local))

    assert step() == ("2 søknader til vurdering står ikke på listen", "Sett opp listen etter poeng")
    prioritising.set_up(local, by=house.secretary, at=at)
    assert step() == ("To på listen mangler innstilling eller begrunnelse", "Skriv innstilling")
    for application in (low, high):
        world.recommend(local, application, house.secretary, at)
    prioritising.move(world.row(local, low), local, position=1, reason="", by=house.secretary, at=at)
    assert step() == ("Ett avvik må begrunnes", "Begrunn")
    world.recommend(local, low, house.secretary, at, order_reason="Haster mest.")
    assert step() == ("Alt på listen er begrunnet", "Gå til registreringen")
    assert step_of(told(office, local))[0] == "Registrer at godkjenning og vurdering er gjort"
    world.do_tasks(local, house.secretary, at)
    assert step() == ("Alt på listen er begrunnet", "Se over og lås prioriteringen")
    freezing.freeze(local, by=house.secretary, at=at)
    assert step() == ("Prioriteringen er låst", "Se den låste listen")
    assert 'name="place"' not in told(office, local)


def test_moving_is_one_form_in_which_a_pressed_arrow_counts_before_the_rank_that_is_typed(
    office, house, northern, local, at
):
    first, second, third = (world.sent(house, northern, at, title=title) for title in ("En", "To", "Tre"))
    prioritising.set_up(local, by=house.secretary, at=at)
    row = row_of(told(office, local), second)
    assert row.count("<form ") == 1
    assert re.findall(r'name="place"[^>]* value="(\d)"', row) == ["2", "1", "3"]
    office.post(turn_url(local, "move", second.code), {"place": ["2", "3"], "reason": ""})
    ranks = [world.row(local, application).rank for application in (first, third, second)]
    assert ranks == sorted(ranks)


def test_recording_the_tasks_promises_nothing_of_the_lock(office, house, northern, local, at):
    application = world.sent(house, northern, at, title="Alene")
    world.deliver(application, local, house.assessor, at, 3, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, application, house.secretary, at)
    page = told(office, local)
    assert ("Skriv hvem som har gjort det, og når." in page, "Så kan listen låses." in page) == (True, False)


def test_reasons_are_listed_with_their_state(office, house, northern, local, at):
    low, high = (world.sent(house, northern, at, title=title) for title in ("Lav", "Høy"))
    for application, points in ((low, 1), (high, 3)):
        world.deliver(application, local, house.assessor, at, points, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    prioritising.move(world.row(local, low), local, position=1, reason="Haster mest.", by=house.secretary, at=at)
    world.recommend(local, low, house.secretary, at, order_reason="Haster mest.")
    section = re.search(r'<section aria-labelledby="reasons-heading">.*?</section>', told(office, local))[0]
    items = re.findall(r'href="[^"]*/board/(\w+)/">[^<]*</a>.*?cell-note"> (.*?) </span>.*?data-tone="(\w+)"', section)
    assert items == [
        (low.code, "Plassen avviker fra poengene. «Haster mest.»", "success"),
        (high.code, "Ikke innstilt ennå.", "neutral"),
    ]


@pytest.mark.parametrize("per_page", [50, 2])
def test_list_says_where_the_frame_goes_page_by_page(per_page, house, at, sign_in, monkeypatch):
    monkeypatch.setattr(rankings, "PER_PAGE", per_page)
    of_round = applications_world.real_round("troms-ofoten-2024")
    turn, client = world.turn(of_round, community=house.community), sign_in(house.secretary)
    given = [world.sent(house, of_round, at, amount=amount) for amount in (10_000_000, 5_000_000, 4_000_000, 1_000_000)]
    prioritising.set_up(turn, by=house.secretary, at=at)
    for application in given[:2]:
        world.recommend(turn, application, house.secretary, at)
    for application in given[2:]:
        world.recommend(turn, application, house.secretary, at, outcome=Outcome.REJECTED)
    pages = [told(client, turn, f"?page={number}") for number in range(1, 4 // min(per_page, 4) + 1)]
    said = "Her går rammen: 15 000 000 kr av 18 000 000 kr er fordelt, 3 000 000 kr igjen."
    assert [page.count(said) for page in pages] == [1, 0][: len(pages)]
    assert row_of(pages[0], given[1]) + ' <tr class="frame-line">' in pages[0]
    # The pieces of the bar: one for each amount, and one for all that is on the pages before.
    assert [len(re.findall(r'class="ink', page)) for page in pages] == [2, 1][: len(pages)]
    world.recommend(turn, given[2], house.secretary, at)
    pages = [told(client, turn, f"?page={number}") for number in range(1, len(pages) + 1)]
    assert [page.count(said) for page in pages] == [1, 0][: len(pages)]
    assert "1 000 000 kr over" in pages[0]
    world.do_tasks(turn, house.secretary, at)
    assert news_of(told(client, turn))[0] == "Alt er begrunnet, 1 000 000 kr over rammen"
    world.recommend(turn, given[2], house.secretary, at, outcome=Outcome.REJECTED)
    assert news_of(told(client, turn))[0] == "Alt er begrunnet, 3 000 000 kr igjen"
    assert "over rammen" in row_of(pages[-1], given[2])


def test_step_tells_of_a_row_on_another_page(house, northern, local, at, sign_in, monkeypatch):
    monkeypatch.setattr(rankings, "PER_PAGE", 1)
    one, two = (world.sent(house, northern, at, title=title) for title in ("En", "To"))
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, one, house.secretary, at)
    client = sign_in(house.secretary)
    page = told(client, local)
    assert news_of(page) == ("Noe på en annen side mangler innstilling eller begrunnelse", "Skriv innstilling")
    assert step_of(page)[0] == "Neste: plass 2, «To»"
    world.recommend(local, two, house.secretary, at)
    assert step_of(told(client, local))[0] == "Registrer at godkjenning og vurdering er gjort"


def test_somebody_to_whom_a_case_is_closed_is_told_no_figure_of_it_and_that_a_colleague_locks(
    house, northern, local, at, sign_in
):
    closed, other = (world.sent(house, northern, at, title=title, amount=777_000) for title in ("Stengt", "Åpen"))
    for application, points in ((closed, 1), (other, 3)):
        world.deliver(application, local, house.assessor, at, points, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    prioritising.move(world.row(local, closed), local, position=1, reason="", by=house.secretary, at=at)
    world.recommend(local, other, house.secretary, at)
    boss = house.hospital_secretary
    assert told(sign_in(boss), local).count("<circle") == 2
    decide_about(closed, boss, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at)
    page = told(sign_in(boss), local)
    assert step_of(page) == ("En kollega må se over og låse listen", "")
    assert page.count("<circle") == 1
    row = row_of(page, closed)
    assert ("Stengt for deg" in row, "777 000" in row, "data-step" in row) == (True, False, False)
    # It was moved to the top. It comes last, and nothing on the page tells a place.
    assert page.index('id="s-' + other.code) < page.index('id="s-' + closed.code)
    assert re.findall(r'data-label="Plass"[^>]*>\s*(?:<strong>)?(\d+)', page) == []
    assert 'name="place"' not in page
    lines = sign_in(boss).get(turn_url(local, "export")).getvalue().decode().splitlines()
    ranks = [line.split(";")[14] for line in lines]
    assert ranks == ["Plass", "", ""]
    recommending = sign_in(boss).get(turn_url(local, "recommend", other.code)).content.decode()
    assert "<dt>Plass</dt>" not in recommending
    assert "avviker" not in page.split("reasons-heading")[2]


@pytest.mark.parametrize("is_locked", [False, True])
def test_reason_for_a_rank_is_not_shown_when_only_the_points_of_a_closed_row_call_for_it(
    office, house, northern, local, at, sign_in, is_locked
):
    """That it is shown would tell that the closed application has more points than the one above it."""
    above, closed, below = (world.sent(house, northern, at, title=title) for title in ("Over", "Stengt", "Under"))
    for application, points in ((above, 2), (closed, 3), (below, 1)):
        world.deliver(application, local, house.assessor, at, points, by=house.hospital_secretary)
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    prioritising.move(
        world.row(local, above), local, position=1, reason="Haster mest.", by=house.hospital_secretary, at=at
    )
    if is_locked:
        for application in (above, closed, below):
            world.recommend(local, application, house.hospital_secretary, at)
        world.do_tasks(local, house.hospital_secretary, at)
        freezing.freeze(local, by=house.hospital_secretary, at=at)
    decide_about(closed, house.secretary, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at)
    url = turn_url(local, "list" if is_locked else "board")
    assert "Haster mest." in sign_in(house.hospital_secretary).get(url).text
    page = sign_in(house.secretary).get(url).text
    assert ("Haster mest." in page, "Plassen avviker" in page, "Over" in page) == (False, False, True)


# --- before the lock --------------------------------------------------------------------------------


def test_page_of_the_lock_leads_to_each_thing_that_is_missing(office, house, northern, local, at):
    application = world.sent(house, northern, at, title="Alfa")
    world.deliver(application, local, house.assessor, at, 2, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    late = world.sent(house, northern, at, title="Kom etterpå")
    page = re.sub(r"\s+", " ", office.get(turn_url(local, "freeze")).text)
    board = turn_url(local, "board")
    links = dict(re.findall(r'<a class="ds-link" href="([^"]+)">([^<]+)<span class="ds-sr-only">', page))
    assert links == {
        f"{board}#tasks-heading": "Gå til registreringen",
        board: "Gå til listen",
        turn_url(local, "recommend", application.code): "Skriv innstilling",
    }
    assert ("Fire ting mangler før listen kan låses" in page, step_of(page)[0]) == (True, "Begynn med dette")
    assert late.title not in page
    assert "Har ikke levert alt" not in page
    world.assign(application, local, house.chair, house.secretary, at)
    page = re.sub(r"\s+", " ", office.get(turn_url(local, "freeze")).text)
    assert f"Har ikke levert alt: {house.chair.name} (1)." in page
    assert 'data-color="danger"' not in page.split("<main")[1]


def test_one_thing_that_is_missing_is_said_in_words(office, house, northern, local, at):
    application = world.sent(house, northern, at)
    world.deliver(application, local, house.assessor, at, 2, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    world.do_tasks(local, house.secretary, at)
    page = re.sub(r"\s+", " ", office.get(turn_url(local, "freeze")).text)
    assert ("Én ting mangler før listen kan låses" in page, step_of(page)[0]) == (True, "Dette gjenstår")
    assert "Dette må være på plass først" not in page


def test_the_page_of_the_lock_shows_the_list_that_is_locked(office, house, northern, local, at):
    """The ranks are those that the lock gives, without the gap of one that is withdrawn."""
    gone, first, last = (world.sent(house, northern, at, title=title) for title in ("Borte", "Alfa", "Beta"))
    prioritising.set_up(local, by=house.secretary, at=at)
    for application in (first, last):
        world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    prioritising.consider(local, texts={"considerations": "Begge er med."}, by=house.secretary, at=at)
    Application.objects.filter(pk=gone.pk).update(status="withdrawn")
    gone.stage_entries.update(status="withdrawn", state="closed", left_at=at)
    page = office.get(turn_url(local, "freeze"))
    assert [(rank, row.title) for rank, row, _outcome in page.context["lines"]] == [(1, "Alfa"), (2, "Beta")]
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert ("Begge er med." in text, "Borte" in text) == (True, False)
    total = sum(row.amount for _rank, row, _outcome in page.context["lines"])
    assert f"{total:,} kr".replace(",", " ") in text
    board = office.get(turn_url(local, "board"))
    assert ([row.title for row, _line in board.context["lines"]], board.context["sums"].count) == (["Alfa", "Beta"], 2)


def test_a_region_that_has_received_nothing_is_told_what_comes(house, northern, regional, sign_in):
    client = sign_in(house.regional_secretary)
    lists = reverse("assessment:lists", args=[northern.code])
    assert "Søknadene rangeres her når de er oversendt til dere." in told(client, regional)
    assert "Søknadene står her når de er oversendt til dere." in client.get(turn_url(regional, "turn")).text
    assert "Søk og filter" not in client.get(turn_url(regional, "turn")).text
    # The page of the lists is one of the pages of the turn.
    assert f'<a href="{lists}" aria-current="page">' in client.get(lists).text


def test_the_page_has_one_filled_button_and_each_heading_once(office, house, local, at, judged):
    prioritising.set_up(local, by=house.secretary, at=at)
    page = told(office, local).partition("<main")[2]
    filled = re.findall(r'<(?:a|button)[^>]* class="ds-button"[^>]*>', page)
    assert len([tag for tag in filled if "data-variant" not in tag]) == 1
    assert page.count("Vurdering av helheten") == 1
    assert page.count("Lagre vurderingen") == 1


def test_list_of_a_stage_without_a_frame_says_so(office, house, northern, local, regional, at, sign_in):
    application = world.sent(house, northern, at)
    said = "Pengene fordeles senere"
    assert said in told(office, local)
    prioritising.set_up(local, by=house.secretary, at=at)
    assert said in told(office, local)
    assert application.title in told(office, local)
    assert said not in told(sign_in(house.regional_secretary), regional)


def test_amounts_are_written_beside_the_score_alone(office, house, northern, local, at):
    application = world.sent(house, northern, at)
    world.deliver(application, local, house.assessor, at, 2, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    page = office.get(turn_url(local, "amounts")).text
    assert ('class="heat"' in page, "Vurdererne 0–100" in page) == (False, True)
    assert 'class="heat"' in told(office, local)


def test_a_move_to_the_same_place_is_no_move(house, northern, local, at):
    low, high = (world.sent(house, northern, at, title=title) for title in ("Lav", "Høy"))
    for application, points in ((low, 1), (high, 3)):
        world.deliver(application, local, house.assessor, at, points, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    moved = LogEntry.objects.filter(act="priority.moved")
    prioritising.move(world.row(local, high), local, position=1, by=house.secretary, at=at)
    assert moved.count() == 0
    # Another reason for the same place is kept, and told.
    prioritising.move(world.row(local, high), local, position=1, reason="Haster.", by=house.secretary, at=at)
    prioritising.move(world.row(local, high), local, position=1, reason="Haster.", by=house.secretary, at=at)
    assert (moved.count(), world.row(local, high).order_reason) == (1, "Haster.")


def test_no_place_on_a_locked_list_tells_of_a_case_that_is_closed(house, northern, local, at, sign_in):
    closed, other = (world.sent(house, northern, at, title=title) for title in ("Stengt", "Åpen"))
    world.frozen(local, house.secretary, at)
    boss = house.hospital_secretary
    address = turn_url(local, "list")
    shown = r'<td class="choice">([^<]*)<'
    page = sign_in(boss).get(address).content.decode()
    assert (re.findall(shown, page), "Innstilt til sammen" in page) == (["1", "2"], True)
    decide_about(closed, boss, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at)
    page = sign_in(boss).get(address).content.decode()
    # The sum would tell what the closed one got.
    assert (re.findall(shown, page), "Innstilt til sammen" in page) == (["–", "–"], False)
    assert page.index(">Stengt<") > page.index(other.code)


def test_each_row_leads_to_a_page_that_may_be_read_also_when_the_list_is_locked(office, house, northern, local, at):
    """The titles of a locked list led to the form of the recommendation, which is refused then."""
    application = world.sent(house, northern, at)
    world.deliver(application, local, house.assessor, at, 2, by=house.secretary)
    world.frozen(local, house.secretary, at)
    [url] = re.findall(
        r'<th scope="row">\s*<a class="ds-link" href="([^"]+)"', row_of(told(office, local), application)
    )
    assert office.get(url).status_code == 200
