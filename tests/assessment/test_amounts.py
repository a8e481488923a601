"""Outcomes and amounts written in the table of «Rangering og innstilling», many rows at once."""

import re

import pytest

from evaluation.assessment.models import PriorityList, Recommendation
from evaluation.assessment.queries import ranking
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.services.prioritising import RECOMMENDED, Choice
from evaluation.assessment.turn import turn_url
from portal.cells import versions
from portal.journal.models import LogEntry
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def board(house, northern, local, at):
    """Three applications on the list, each asking for 450 000 kroner; the first is recommended in full."""
    three = [world.sent(house, northern, at, title=title) for title in ("En", "To", "Tre")]
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, three[0], house.secretary, at, reason="Svarer godt.")
    return three


@pytest.fixture
def office(house, sign_in):
    return sign_in(house.secretary)


def shown(client, local):
    """The fields of the page, with what they show."""
    rows = client.get(turn_url(local, "amounts")).context["writing"].forms.values()
    values = {form.add_prefix(name): form[name].value() for form in rows for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def stored(*applications):
    rows = dict(Recommendation.objects.values_list("application", "outcome"))
    amounts = dict(Recommendation.objects.values_list("application", "amount"))
    return [(rows[item.pk], amounts[item.pk]) for item in applications]


def written(of, **fields):
    return {f"{of.code}-{name}": value for name, value in fields.items()}


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def test_amounts_are_written_many_at_once_and_the_outcome_follows(office, local, board):
    one, two, three = board
    fields = shown(office, local) | written(two, amount="450 000") | written(three, amount="200 000 kr")
    answer = office.post(turn_url(local, "amounts") + "?page=1", fields, follow=True)
    assert answer.redirect_chain == [(turn_url(local, "board") + "?page=1", 302)]
    assert "2 innstillinger er lagret." in text(answer)
    assert stored(one, two, three) == [("granted", 450_000), ("granted", 450_000), ("partly_granted", 200_000)]
    told = LogEntry.objects.filter(act=RECOMMENDED).order_by("-number")[:2]
    assert [(entry.data["outcome"], entry.data["amount"]) for entry in told] == [
        ("partly_granted", 200_000),
        ("granted", 450_000),
    ]


@pytest.mark.parametrize("fields", [{}, {"amount": ""}])
def test_what_was_not_changed_is_not_written(office, local, board, fields):
    """Also when the amount of «Innvilges» is cleared, which means the whole amount."""
    before = LogEntry.objects.filter(act=RECOMMENDED).count()
    sent = shown(office, local) | written(board[0], **fields)
    answer = office.post(turn_url(local, "amounts"), sent, follow=True)
    assert "Ingenting var endret." in text(answer)
    assert LogEntry.objects.filter(act=RECOMMENDED).count() == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "mye"}, "To: Skriv «Beløp» i hele kroner"),
        ({"amount": "450 001"}, "To: Beløpet kan ikke være høyere enn det søkes om, 450 000 kr."),
        ({"outcome": "granted", "amount": "200 000"}, "To: Dette er mindre enn det søkes om."),
        ({"outcome": "partly_granted"}, "To: Skriv hvor mye som innstilles."),
        ({"outcome": "won"}, "Velg et gyldig"),
        ({"version": "x" * 20_001}, "Dette må rettes"),
    ],
)
def test_one_row_that_is_wrong_stops_them_all_and_everything_typed_is_kept(office, local, board, fields, said):
    _one, two, three = board
    sent = shown(office, local) | written(three, amount="100 000") | written(two, **fields)
    answer = office.post(turn_url(local, "amounts"), sent)
    assert answer.status_code in {409, 422}
    assert said in text(answer)
    assert stored(two, three) == [("", None), ("", None)]
    assert f'name="{three.code}-amount" value="100 000"' in text(answer)


def test_a_list_that_is_locked_meanwhile_keeps_what_was_typed(office, local, board, monkeypatch):
    """A colleague locks the list while the amounts are written: they are refused, and still on the page."""
    _one, two, _three = board
    sent = shown(office, local) | written(two, outcome="partly_granted", amount="300 000")

    def locked(*_args, **_more):
        raise prioritising.FrozenListError("Listen er låst.")

    monkeypatch.setattr(prioritising, "recommend_amounts", locked)
    answer = office.post(turn_url(local, "amounts"), sent)
    assert (answer.status_code, "Listen er låst." in text(answer)) == (409, True)
    assert f'name="{two.code}-amount" value="300 000"' in text(answer)


def test_what_somebody_else_has_written_is_told_and_the_next_save_counts(office, house, local, board, at):
    one, two, _three = board
    sent = shown(office, local) | written(one, outcome="partly_granted", amount="300 000") | written(two, amount="1")
    words = {"outcome": "partly_granted", "amount": 250_000}
    prioritising.recommend(world.row(local, one), local, texts=words, by=house.hospital_secretary, at=at)
    answer = office.post(turn_url(local, "amounts"), sent)
    assert answer.status_code == 409
    name = house.hospital_secretary.name
    assert f"En: {name} har endret dette til «Prioriteres med lavere beløp, 250 000 kr» mens du skrev." in text(answer)
    assert stored(one, two) == [("partly_granted", 250_000), ("", None)]
    again = sent | written(one, version=answer.context["writing"].forms[world.row(local, one).pk]["version"].value())
    assert office.post(turn_url(local, "amounts"), again).status_code == 302
    assert stored(one, two) == [("partly_granted", 300_000), ("partly_granted", 1)]


def test_row_that_is_closed_to_the_person_has_no_fields_and_is_not_written(office, house, local, board, at):
    one, two, _three = board
    sent = shown(office, local) | written(one, amount="1", outcome="partly_granted") | written(two, amount="2")
    decide_about(one, house.secretary, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at)
    page = text(office.get(turn_url(local, "amounts")))
    assert f"{one.code}-amount" not in page
    assert f"{two.code}-amount" in page
    answer = office.post(turn_url(local, "amounts"), sent)
    assert answer.status_code == 422
    assert "En: Saken er stengt for deg. Ingenting er lagret for den." in text(answer)
    assert stored(one, two) == [("granted", 450_000), ("", None)]
    assert f'name="{two.code}-amount" value="2"' in text(answer)
    again = {name: value for name, value in sent.items() if not name.startswith(one.code)}
    assert office.post(turn_url(local, "amounts"), again).status_code == 302
    assert stored(one, two) == [("granted", 450_000), ("partly_granted", 2)]


def test_what_was_typed_for_a_row_that_has_moved_to_another_page_is_kept(office, house, local, board, at, monkeypatch):
    monkeypatch.setattr(ranking, "PER_PAGE", 2)
    one, two, three = board
    sent = shown(office, local) | written(two, amount="2")
    assert f"{two.code}-amount" in sent
    assert f"{three.code}-amount" not in sent
    prioritising.move(world.row(local, two), local, position=3, by=house.hospital_secretary, at=at)
    wrong = office.post(turn_url(local, "amounts"), sent | written(one, amount="mye"))
    assert f'type="hidden" name="{two.code}-amount" value="2"' in text(wrong)
    assert office.post(turn_url(local, "amounts"), sent).status_code == 302
    assert stored(two, three) == [("partly_granted", 2), ("", None)]


def test_without_a_list_there_is_nothing_to_write_and_none_is_made(house, northern, local, at, office):
    world.sent(house, northern, at)
    for answer in (office.get(turn_url(local, "amounts")), office.post(turn_url(local, "amounts"))):
        assert answer.url == turn_url(local, "board")
    assert not PriorityList.objects.exists()


def test_row_that_the_page_did_not_have_is_left_alone(office, house, northern, local, board, at):
    fields = shown(office, local)
    late = world.sent(house, northern, at, title="Kom etterpå")
    prioritising.set_up(local, by=house.secretary, at=at)
    assert office.post(turn_url(local, "amounts"), fields).status_code == 302
    assert stored(late) == [("", None)]


def test_locked_list_is_not_written(office, house, local, board, at):
    fields = shown(office, local) | written(board[1], amount="2")
    for application in board:
        world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    freezing.freeze(local, by=house.secretary, at=at)
    assert office.get(turn_url(local, "amounts")).status_code == 403
    assert office.post(turn_url(local, "amounts"), fields).status_code == 403
    assert "Skriv beløpene i tabellen" not in text(office.get(turn_url(local, "board")))


def test_list_locked_meanwhile_is_said(house, local, board, at):
    for application in board:
        world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    freezing.freeze(local, by=house.secretary, at=at)
    row = world.row(local, board[0])
    choice = Choice("partly_granted", 1, versions({"outcome": row.outcome, "amount": row.amount}))
    with pytest.raises(prioritising.FrozenListError):
        prioritising.recommend_amounts(local, {row.pk: choice}, by=house.secretary, at=at)


def test_queries_do_not_grow_with_the_rows(office, house, northern, local, board, at, django_assert_num_queries):
    def queries():
        with django_assert_num_queries(COUNT):
            assert office.get(turn_url(local, "amounts")).status_code == 200

    queries()
    for number in range(3):
        world.sent(house, northern, at, title=f"Flere {number}")
    prioritising.set_up(local, by=house.secretary, at=at)
    queries()


COUNT = 16
