"""Two persons at the very same time, on connections of their own: one wins, the other gets a sentence."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from applications.models import Application
from applications.services import correcting
from evaluation.assessment.models import Assessment, Assignment, Habilitet, PriorityList, Result
from evaluation.assessment.services import assessing, assigning, declaring, forwarding, freezing, prioritising
from portal.errors import DomainError
from portal.journal.models import LogEntry
from tests.applications import world as applications_world
from tests.assessment import world
from tests.harness.interleaving import MOMENTS, interleave

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts at once; each one's error by name, or «done»."""
    barrier, outcomes = Barrier(len(acts)), {}

    def run(index, act):
        try:
            barrier.wait()
            act()
            outcomes[index] = "done"
        except DomainError as error:
            outcomes[index] = type(error).__name__
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes.values())


@pytest.fixture
def draft(application, local, assessor, secretary, at):
    world.assign(application, local, assessor, secretary, at)
    return assessing.begin(application, local, by=assessor, at=at)


@pytest.fixture
def ready(application, local, secretary, at):
    """A list that lacks nothing."""
    prioritising.set_up(local, by=secretary, at=at)
    world.recommend(local, application, secretary, at)
    world.do_tasks(local, secretary, at)


def test_two_deliveries_at_once(draft, local, assessor, at):
    def deliver():
        assessing.deliver(draft, local, world.given(local, 2), comment="", by=assessor, at=at)

    assert together(deliver, deliver) == ["AlreadyDeliveredError", "done"]
    assert LogEntry.objects.filter(act="assessment.delivered").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_first_declaration_beside_the_first_question(application, assessor, secretary, at, moment):
    """Of a row that is not there yet nothing can be held; both would write the person's first."""

    def declare():
        declaring.declare(application, has_tie=False, ground="", explanation="", by=assessor, at=at)

    def ask():
        declaring.raise_about(application, assessor, ground="other", explanation="Slekt.", by=secretary, at=at)

    assert interleave(ask, declare, moment) == ("done", "done")
    assert [(row.is_pending, row.has_tie) for row in Habilitet.objects.all()] == [(True, False)]
    Habilitet.objects.all().delete()
    assert interleave(declare, ask, moment) == ("done", "done")
    assert [(row.is_pending, row.raised_by) for row in Habilitet.objects.all()] == [(True, secretary)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_habilitet_is_decided_by_one_who_is_in_the_case_when_it_is_written(house, application, secretary, at, moment):
    """Another asks about the officer at the same moment: who is out of the case neither decides nor asks."""
    officer, words = house.hospital_secretary, {"ground": "other", "explanation": "Slekt."}
    declaring.raise_about(application, house.member, **words, by=secretary, at=at)

    def ask_about_officer():
        declaring.raise_about(application, officer, **words, by=secretary, at=at)

    def decide():
        declaring.decide(application, house.member, is_recused=False, reason="Nei.", by=officer, at=at)

    def ask():
        declaring.raise_about(application, house.user_member, **words, by=officer, at=at)

    assert interleave(ask_about_officer, decide, moment) == ("done", "HabilitetError")
    Habilitet.objects.filter(person=officer).delete()
    assert interleave(ask_about_officer, ask, moment) == ("done", "HabilitetError")
    assert {row.person for row in Habilitet.objects.filter(is_pending=True)} == {house.member, officer}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_two_decide_the_same_question_at_once(house, application, secretary, at, moment):
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=house.member, at=at)

    def decide(by):
        declaring.decide(application, house.member, is_recused=False, reason="Nei.", by=by, at=at)

    results = interleave(lambda: decide(secretary), lambda: decide(house.hospital_secretary), moment)
    assert results == ("done", "AlreadyDecidedError")
    assert Habilitet.objects.get().decided_by == secretary


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_question_is_taken_back_or_decided(house, application, secretary, at, moment):
    officer, words = house.hospital_secretary, {"ground": "other", "explanation": "Slekt."}

    def take_back():
        declaring.take_back_question(application, house.member, reason="Feil.", by=secretary, at=at)

    def decide():
        declaring.decide(application, house.member, is_recused=False, reason="Nei.", by=officer, at=at)

    declaring.raise_about(application, house.member, **words, by=secretary, at=at)
    assert interleave(take_back, decide, moment) == ("done", "HabilitetError")
    assert not Habilitet.objects.exists()
    declaring.raise_about(application, house.member, **words, by=secretary, at=at)
    assert interleave(decide, take_back, moment) == ("done", "AlreadyDecidedError")
    assert Habilitet.objects.get().decided_by == officer


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_answer_beside_the_question_that_is_taken_back_is_a_question(house, application, secretary, at, moment):
    words = {"ground": "other", "explanation": "Slekt."}

    def take_back():
        declaring.take_back_question(application, house.member, reason="Feil.", by=secretary, at=at)

    def declare():
        declaring.declare(application, has_tie=True, ground="party", explanation="Søster.", by=house.member, at=at)

    for first, second in ((take_back, declare), (declare, take_back)):
        declaring.raise_about(application, house.member, **words, by=secretary, at=at)
        assert interleave(first, second, moment) == ("done", "done")
        row = Habilitet.objects.get()
        assert (row.is_pending, row.raised_by, row.explanation) == (True, house.member, "Søster.")
        row.delete()


def test_two_freezes_at_once(ready, local, secretary, at):
    def freeze():
        freezing.freeze(local, by=secretary, at=at)

    assert together(freeze, freeze) == ["FrozenListError", "done"]


def test_delivery_and_freeze_at_once(ready, draft, local, assessor, secretary, at):
    outcomes = together(
        lambda: assessing.deliver(draft, local, world.given(local, 2), comment="", by=assessor, at=at),
        lambda: freezing.freeze(local, by=secretary, at=at),
    )
    assert outcomes in (["FrozenListError", "done"], ["done", "done"])
    # Whoever was first: what is frozen is what stands.
    delivered = Assessment.objects.exclude(delivered_at=None).count()
    assert PriorityList.objects.get().snapshot["rows"][0]["delivered"] == delivered == Result.objects.count()


def test_two_forwardings_at_once(ready, local, house, secretary, at):
    freezing.freeze(local, by=secretary, at=at)

    def forward():
        forwarding.forward(local, by=secretary, at=at)

    outcomes = together(forward, forward)
    assert outcomes == ["AlreadyForwardedError", "done"]


def test_two_moves_at_once_keep_the_ranks_whole(house, northern, local, secretary, at):
    for _number in range(4):
        world.sent(house, northern, at)
    priority_list = prioritising.set_up(local, by=secretary, at=at)
    first, *_others, last = priority_list.recommendations.order_by("rank")
    together(
        lambda: prioritising.move(first, local, position=4, by=secretary, at=at),
        lambda: prioritising.move(last, local, position=1, by=secretary, at=at),
    )
    assert sorted(priority_list.recommendations.values_list("rank", flat=True)) == [1, 2, 3, 4]


def test_later_deadline_and_freeze_at_once(ready, house, local, secretary, at):
    """Either the draft is waited for, or the list is locked and no later deadline is given."""
    draft = applications_world.draft(house, local.round)
    until = at + timedelta(days=2)
    outcomes = together(
        lambda: correcting.extend(draft, until, "Portalen var nede.", by=secretary, at=at),
        lambda: freezing.freeze(local, by=secretary, at=at),
    )
    assert outcomes in (["ExtensionError", "done"], ["NotReadyError", "done"])
    extended = Application.objects.get(pk=draft.pk).extended_until is not None
    assert PriorityList.objects.get().is_frozen is not extended


def test_two_who_share_out_at_once_give_each_application_once(house, northern, local, secretary, assessor, at):
    for _number in range(3):
        world.sent(house, northern, at)
    people, due = [assessor, house.fsu_leader], (at + timedelta(days=7)).date()

    def share():
        assigning.assign_evenly(local, people, each=1, due_date=due, by=secretary, at=at)

    assert together(share, share) == ["done", "done"]
    assert sorted(Assignment.objects.values_list("application", flat=True)) == sorted(
        Application.objects.values_list("pk", flat=True)
    )
