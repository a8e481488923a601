"""Who takes part in an application and has not been asked about habilitet reads no more of it than who is inhabil."""

import pytest
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.assessment.queries.deciders import to_decide
from evaluation.assessment.queries.ties import gains_by_frame
from evaluation.assessment.services import declaring
from evaluation.assessment.turn import Turn, turn_url
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.clock import local_date
from portal.communities.queries import standing_at
from tests import factories
from tests.assessment import world
from tests.decisions.world import adopted
from tests.habilitet import decide_about
from tests.meetings.world import deciding_list
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A3")]

REASON, AMOUNT = "Svarer godt", "450\N{NO-BREAK SPACE}000"


def text_of(answer):
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode()


@pytest.fixture
def listed(house, frozen_clock):
    """A locked list with two applications of the same lead, in which the lead's employee is officer."""
    priority_list, at = deciding_list(house)
    frozen_clock.move_to(at)
    factories.affiliation(house.secretary, house.lead)
    return priority_list, at


def answer_all(house, at):
    for application in Application.objects.all():
        declaring.declare(application, has_tie=False, by=house.secretary, at=at)
    assert Habilitet.objects.filter(person=house.secretary, is_pending=False).count() == 2


@pytest.mark.parametrize("name", ["export", "list"])
def test_what_is_recommended_is_closed_until_the_officer_answers(name, house, listed, sign_in):
    priority_list, at = listed
    url = turn_url(Turn(priority_list.round, priority_list.stage, priority_list.community), name)
    client = sign_in(house.secretary)
    assert REASON not in text_of(client.get(url))
    answer_all(house, at)
    assert REASON in text_of(client.get(url))


def test_amounts_are_closed_until_the_officer_answers(house, listed, sign_in):
    priority_list, at = listed
    url = turn_url(Turn(priority_list.round, priority_list.stage, priority_list.community), "board")
    client = sign_in(house.secretary)
    assert AMOUNT not in text_of(client.get(url))
    answer_all(house, at)
    assert AMOUNT in text_of(client.get(url))


def test_the_status_and_the_log_are_what_the_applicants_know(house, listed, sign_in):
    _priority_list, at = listed
    application = Application.objects.order_by("pk").first()
    client = sign_in(house.secretary)
    sent, log = reverse("applications:sent", args=[application.code]), reverse("portal:log")
    assert client.get(sent).context["status"] == application.known_status != application.status
    assert application.title not in text_of(client.get(log))
    answer_all(house, at)
    assert client.get(sent).context["status"] == application.status
    assert "Innstillingen ble skrevet." in text_of(client.get(log))


def test_the_letter_is_closed_until_the_officer_answers(house, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    decision, other = decide_from_minutes(
        adopted(house, (("granted", 450_000), ("granted", 450_000))).meeting, by=house.secretary, at=NOW
    )
    letter = letters.prepare(decision, by=house.hospital_secretary, at=NOW)
    factories.affiliation(house.secretary, house.lead)
    client, url = sign_in(house.secretary), reverse("decisions:letter", args=[letter.number])
    overview = reverse("decisions:overview", args=[other.application.round.code])
    assert client.get(url).status_code == 403
    assert client.get(overview).context["hides_sums"] is True
    answer_all(house, NOW)
    assert client.get(url).status_code == 200
    assert client.get(overview).context["hides_sums"] is False


def test_whose_habilitet_is_in_doubt_is_no_task_of_one_who_is_inhabil(house, northern, at, frozen_clock):
    frozen_clock.move_to(at)
    application = world.sent(house, northern, at, status="submitted")
    words = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    declaring.declare(application, **words, by=house.hospital_secretary, at=at)
    standing, day = standing_at(house.secretary, at), local_date(at)
    assert [row.person for row in to_decide(standing, day, 10)] == [house.hospital_secretary]
    decide_about(
        application, house.secretary, is_recused=True, ground="party", reason="Part.", by=house.fsu_leader, at=at
    )
    assert to_decide(standing, day, 10) == []


@pytest.mark.parametrize(("status", "hides"), [("admitted", True), ("draft", False), ("withdrawn", False)])
def test_sums_are_hidden_for_what_competes_for_the_frame(status, hides, house, northern, at):
    """Neither a draft nor what is withdrawn gets anything of it; who writes a draft gains by a larger one."""
    application = world.sent(house, northern, at, created_by=house.secretary)
    told = {"submitted_at": None} if status == "draft" else {}
    Application.objects.filter(pk=application.pk).update(status=status, **told)
    standing = standing_at(house.secretary, at)
    assert is_out_under_frame(application.round, standing) is hides
    assert gains_by_frame(application.round, standing) is (status != "withdrawn")
