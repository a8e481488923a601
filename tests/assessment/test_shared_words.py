"""The words of the board: two who write keep both their texts, and what was refused stays on the page."""

import pytest

from evaluation.assessment.models import PriorityList, Recommendation
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.journal.models import LogEntry
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}


@worlds.world
def board(house, northern, local, at):
    """Two applications on the list, the first recommended."""
    one, two = (world.sent(house, northern, at, title=title) for title in ("En", "To"))
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, one, house.secretary, at, reason="Svarer godt.")
    return one, two


def posted(client, url, **changes):
    """What the page would post: what it shows, with these changes."""
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**shown, **changes}.items()}


def stored(application):
    return Recommendation.objects.values_list("outcome", "amount", "reason", "conditions").get(application=application)


@pytest.mark.fault("C12")
def test_two_write_about_one_application(house, board, local, at, sign_in):
    one, _two = board
    asked = one.requested_amount
    client, url = sign_in(house.secretary), turn_url(local, "recommend", one.code)
    sent = posted(client, url, conditions="Rapport hvert kvartal.", outcome="partly_granted", amount="100 000")
    words = {"outcome": "not_prioritised", "amount": None, "reason": "Svarer dårlig."}
    prioritising.recommend(world.row(local, one), local, texts=words, by=house.hospital_secretary, at=at)
    answer = client.post(url, sent)
    form = answer.context["form"]
    assert answer.status_code == 409
    # Outcome and amount are one choice: neither is written. The conditions are.
    assert stored(one) == ("not_prioritised", None, "Svarer dårlig.", "Rapport hvert kvartal.")
    assert [item.label for item in form.conflicts] == ["Innstilling", "Beløp"]
    assert form.conflicts[0].text == "Prioriteres ikke"
    choices = {f"{item.name}--choice": "mine" for item in form.conflicts}
    seen = {f"{item.name}--theirs": item.version for item in form.conflicts}
    again = {**sent, "reason": "Svarer dårlig.", "version": form["version"].value(), **choices, **seen}
    assert client.post(url, again).status_code == 302
    assert stored(one) == ("partly_granted", 100_000, "Svarer dårlig.", "Rapport hvert kvartal.")
    assert asked > 100_000


@pytest.mark.fault("C11")
def test_the_script_saves_words_alone(house, board, local, sign_in):
    _one, two = board
    client, url = sign_in(house.secretary), turn_url(local, "recommend", two.code)
    LogEntry.objects.all().delete()
    seen = posted(client, url)["version"]
    for reason in ("Svarer", "Svarer ganske godt."):
        data = {"outcome": "granted", "amount": "", "reason": reason, "version": seen}
        answer = client.post(url, data, headers=SCRIPT)
        seen = answer.json()["version"]
    assert (answer.status_code, answer.json()["state"]) == (200, "saved")
    assert stored(two) == ("", None, "Svarer ganske godt.", "")
    assert LogEntry.objects.filter(act="priority.recommended").count() == 1
    assert client.post(url, {"outcome": "granted", "reason": "Svarer ganske godt.", "version": seen}).status_code == 302
    assert stored(two)[0] == "granted"


@pytest.mark.fault("C11")
def test_a_judgement_that_comes_too_late_or_is_too_long_stays_on_the_page(house, board, local, at, sign_in):
    _one, two = board
    client, url = sign_in(house.secretary), turn_url(local, "considerations")
    long = "Kapasiteten holder. " * 500
    answer = client.post(url, {"considerations": long})
    assert (answer.status_code, long[:200] in answer.content.decode()) == (422, True)
    world.recommend(local, two, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    freezing.freeze(local, by=house.secretary, at=at)
    answer = client.post(url, {"considerations": "Skrevet lenge."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("Prioriteringen er låst." in page, "Skrevet lenge." in page) == (True, True)
    assert PriorityList.objects.get(stage=local.stage, community=local.community).considerations == ""


@pytest.mark.fault("C11")
def test_the_note_of_a_task_that_is_refused_stays_on_the_page(house, board, local, sign_in):
    client, url = sign_in(house.secretary), turn_url(local, "record_task", "approve")
    answer = client.post(url, {"approve-note": "x" * 301})
    assert (answer.status_code, "x" * 301 in answer.content.decode()) == (422, True)


@pytest.mark.fault("C11")
def test_a_judgement_kept_over_a_sign_in_is_shown_on_the_board(house, board, local, client):
    client.post(turn_url(local, "considerations"), {"considerations": "Skrevet lenge."})
    client.force_login(house.secretary)
    page = client.get(turn_url(local, "board"))
    assert page.context["considerations"]["considerations"].value() == "Skrevet lenge."


def test_what_changed_nothing_is_not_told_as_written(house, board, local, at):
    one, _two = board
    before = LogEntry.objects.count()
    words = {"reason": "Svarer godt."}
    assert prioritising.recommend(world.row(local, one), local, texts=words, by=house.secretary, at=at).changes == {}
    assert LogEntry.objects.count() == before


@pytest.mark.fault("C8")
def test_an_amount_that_could_not_be_read_is_there_on_return_without_a_script(house, board, local, sign_in):
    """The words beside it are saved by nobody, and are there, too."""
    one, two = board
    client, url = sign_in(house.secretary), turn_url(local, "recommend", one.code)
    sent = posted(client, url, outcome="partly_granted", amount="ca hundre", conditions="Rapport hvert år.")
    assert client.post(url, sent).status_code == 422
    assert client.get(turn_url(local, "recommend", two.code)).context["form"]["amount"].value() in {None, ""}
    form = client.get(url).context["form"]
    assert [form[name].value() for name in ("amount", "conditions")] == ["ca hundre", "Rapport hvert år."]
    assert client.post(url, posted(client, url, amount="100 000")).status_code == 302
    assert client.get(url).context["form"].is_bound is False
    assert stored(one)[1:] == (100_000, "Svarer godt.", "Rapport hvert år.")
