"""The heading of a round's decisions and the box below it say one thing, and so do the front page and the list."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.queries import letters_of, round_lines, unsent_letters
from evaluation.decisions.queries.registering import told_without_meeting
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.communities.queries import standing_at
from tests import factories
from tests.decisions.test_many_letters import heading, text_of
from tests.decisions.world import adopted, application
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def two(house):
    """Two decisions without letters, and two applications that no meeting decides."""
    made = adopted(house, [("granted", 10), ("rejected", None)])
    decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    for title in ("Utenfor", "Avvist"):
        application(house, made.round, title=title, status=Status.NOT_ADMITTED)
    return made


def test_what_no_meeting_decides_comes_before_the_letters_in_heading_and_box(house, two, sign_in):
    first, second = Application.objects.filter(status=Status.NOT_ADMITTED).order_by("pk")
    page = sign_in(house.secretary).get(reverse("decisions:overview", args=[two.round.code]))
    said, text = page.content.decode(), text_of(page)
    assert heading(page) == "To søknader mangler vedtak"
    box = said.index(
        f'action="{reverse("decisions:decide_application", args=[page.context["step"].url.split("/")[-3]])}"'
    )
    assert "Registrer vedtaket om «" in text
    # The one in the box is not on the list below it, and the other is.
    for each in (first, second):
        assert said.count(reverse("decisions:decide_application", args=[each.code])) == 1
    assert (box < said.index("register-heading"), "Skriv 2 brev" in text) == (True, False)


def test_a_colleague_is_waited_for_in_the_singular(house, sign_in):
    made = adopted(house)
    (decision,) = decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    letters.prepare(decision, by=house.secretary, at=NOW)
    page = text_of(sign_in(house.secretary).get(reverse("decisions:overview", args=[made.round.code])))
    assert "Du skrev dette brevet En kollega i sekretariatet leser og godkjenner det." in page


@pytest.mark.parametrize(("must_answer", "letters_open", "untold"), [(False, 2, 1), (True, 0, 0)])
def test_front_page_list_and_round_count_the_same(must_answer, letters_open, untold, house):
    """Also for one who takes part in the applications, and must say whether that is a tie before anything else."""
    made = adopted(house, [("granted", 10), ("rejected", None)])
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letters.prepare(decision, by=house.secretary, at=NOW)
    application(house, made.round, title="Utenfor", status=Status.NOT_ADMITTED)
    if must_answer:
        factories.affiliation(house.secretary, house.lead)
        del house.secretary._standing
    standing = standing_at(house.secretary, NOW)
    waiting = sum(unsent_letters(standing).values())
    assert waiting == sum(line.waiting for line in round_lines(standing)) == letters_open
    assert len(letters_of(made.round, standing)) == letters_open
    assert len(told_without_meeting(made.round, standing)) == untold


def list_of_rounds(client):
    return client.get(reverse("decisions:rounds"))


def test_list_of_rounds_says_that_decisions_are_to_be_registered_and_leads_there(house, sign_in):
    made = adopted(house, [("granted", 10), ("rejected", None)])
    application(house, made.round, title="Utenfor", status=Status.NOT_ADMITTED)
    client = sign_in(house.secretary)
    page = list_of_rounds(client)
    assert heading(page) == "Tre vedtak skal registreres"
    step = page.context["step"]
    assert (step.title, step.act) == (f"Registrer vedtakene: {made.round.title}", "Registrer vedtakene")
    assert step.url == reverse("decisions:overview", args=[made.round.code])
    assert "Skal registreres 3" in text_of(page)
    # The round's own page has the step alone, and does not say that there is nothing.
    assert "Ingen vedtak ennå" not in text_of(client.get(step.url))


def test_list_of_rounds_counts_the_letters_when_all_is_registered(house, sign_in):
    made = adopted(house, [("granted", 10), ("rejected", None)])
    client = sign_in(house.secretary)
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letters.prepare(decision, by=house.secretary, at=NOW)
    page = list_of_rounds(client)
    assert (heading(page), page.context["step"].act) == ("To brev er ikke sendt", "Se brevene")
    Letter.objects.update(status=LetterStatus.SENT, sent_at=NOW)
    page = list_of_rounds(client)
    assert (heading(page), page.context["step"]) == ("Ingen brev venter", None)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_rounds_reads_four_times(house, count, django_assert_num_queries):
    adopted(house, [("granted", 10)] * count)
    standing = standing_at(house.secretary, NOW)
    with django_assert_num_queries(4):
        assert [line.unregistered for line in round_lines(standing)] == [count]


def test_a_case_that_is_closed_to_the_person_is_not_counted(house):
    adopted(house, [("granted", 10)])
    factories.affiliation(house.secretary, house.lead)
    assert [line.unregistered for line in round_lines(standing_at(house.secretary, NOW))] == [0]
