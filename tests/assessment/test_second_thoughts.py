"""A locked list is opened again until somebody uses it, and a package called back until it is opened."""

import pytest
from django.db import connection
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.models import Forwarding, Task
from evaluation.assessment.services import assigning, forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from evaluation.decisions.services.deciding import decide_without_meeting
from portal.clock import local_date
from portal.documents.models import Document
from portal.journal.models import LogEntry
from portal.mail.models import Message
from rounds.outcomes import Outcome
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world as meetings

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B6")]
WHY = "Beløpet er feil."


def lock(home, of_round, of_turn, application, by, at):
    """A frozen list with one that goes on and one that does not."""
    left = world.sent(home, of_round, at, title="Blir hjemme")
    prioritising.set_up(of_turn, by=by, at=at)
    world.recommend(of_turn, application, by, at)
    world.recommend(of_turn, left, by, at, Outcome.NOT_PRIORITISED)
    world.do_tasks(of_turn, by, at)
    return freezing.freeze(of_turn, by=by, at=at)


@worlds.world
def frozen(house, northern, local, application, secretary, at):
    return lock(house, northern, local, application, secretary, at)


def seen():
    """What the applicants can see of each application, and where it is."""
    return [
        (row.title, row.status, row.known_status, row.updated_at, row.stage_entry.state, row.stage_entry.left_at)
        for row in Application.objects.order_by("pk")
    ]


def test_an_unlocked_list_is_as_before_and_its_lock_is_kept(frozen, local, application, secretary, at, sign_in):
    sent_at = application.updated_at
    kept = frozen.document
    freezing.unlock(local, reason=WHY, by=secretary, at=at)
    frozen.refresh_from_db()
    assert (frozen.is_frozen, frozen.snapshot) == (False, None)
    assert seen() == [
        (title, "admitted", "admitted", sent_at, "in_work", None) for title in (application.title, "Blir hjemme")
    ]
    entry = LogEntry.objects.get(act="priority.unlocked")
    assert (entry.data["reason"], entry.data["version"], entry.data["sha256"]) == (WHY, 1, kept.sha256)
    assert not frozen.acts.filter(task=Task.PRIORITISE).exists()
    world.recommend(local, application, secretary, at, reason="En bedre begrunnelse.")
    again = freezing.freeze(local, by=secretary, at=at)
    assert list(Document.objects.filter(kind="priority-list").values_list("version", "sha256")) == [
        (1, kept.sha256),
        (2, again.sha256),
    ]
    client = sign_in(secretary)
    page = client.get(turn_url(local, "list")).content.decode()
    earlier = turn_url(local, "earlier_list", 1)
    assert earlier in page
    assert "Svarer godt." in client.get(earlier).content.decode()
    assert client.get(turn_url(local, "earlier_list", 2)).status_code == 404


def test_a_list_of_a_later_stage_is_unlocked_to_what_was_forwarded(frozen, house, local, regional, secretary, at):
    forwarding.forward(local, by=secretary, at=at)
    world.frozen(regional, house.regional_secretary, at)
    before = seen()[0]
    freezing.unlock(regional, reason=WHY, by=house.regional_secretary, at=at)
    title, _status, known, updated_at, *_entry = before
    assert seen()[0] == (title, "forwarded", known, updated_at, "in_work", None)


def test_a_list_that_is_used_stays_locked(frozen, house, local, secretary, at):
    decide_without_meeting(Application.objects.get(title="Blir hjemme"), by=secretary, at=at)
    with pytest.raises(freezing.UnlockError, match="Vedtaket om «Blir hjemme» er registrert"):
        freezing.unlock(local, reason=WHY, by=secretary, at=at)
    forwarding.forward(local, by=secretary, at=at)
    with pytest.raises(freezing.UnlockError, match="Kall oversendelsen tilbake først"):
        freezing.unlock(local, reason=WHY, by=secretary, at=at)
    with pytest.raises(freezing.UnlockError, match="Skriv hvorfor"):
        freezing.unlock(local, reason=" ", by=secretary, at=at)


def test_a_list_that_a_meeting_has_on_its_agenda_stays_locked(house, sign_in):
    _meeting, cases, at = meetings.list_meeting(house, 1)
    listed = cases[0].priority_list
    of_turn = world.turn(listed.round, listed.stage.code, listed.community)
    with pytest.raises(freezing.UnlockError, match="Listen er satt opp til møtet i SSU Troms og Ofoten"):
        freezing.unlock(of_turn, reason=WHY, by=house.secretary, at=at)
    client = sign_in(house.secretary)
    assert "Lås opp listen" not in client.get(turn_url(of_turn, "list")).content.decode()
    answer = client.get(turn_url(of_turn, "unlock"))
    assert (answer.status_code, "Listen er satt opp til møtet" in answer.content.decode()) == (403, True)


def test_a_package_that_nobody_has_opened_is_called_back(frozen, house, local, application, secretary, at, sign_in):
    locked = seen()
    package = forwarding.forward(local, by=secretary, at=at).document
    client = sign_in(secretary)
    way = f'href="{turn_url(local, "call_back")}"'
    shown = reverse("assessment:package_detail", args=[local.round.code, Forwarding.objects.get().pk])
    assert way in client.get(shown).content.decode()
    assert "Kall tilbake oversendelsen" in client.get(turn_url(local, "list")).content.decode()
    answer = client.post(turn_url(local, "call_back"), {"reason": ""})
    assert answer.status_code == 422
    answer = client.post(turn_url(local, "call_back"), {"reason": WHY}, follow=True)
    assert "Oversendelsen er kalt tilbake." in answer.content.decode()
    assert (seen(), Forwarding.objects.count(), application.stage_entries.count()) == (locked, 0, 1)
    mail = Message.objects.get(kind="package_called_back")
    assert (mail.recipient, WHY in mail.body_text) == (house.regional_secretary.email, True)
    assert LogEntry.objects.get(act="priority.called_back").data["sha256"] == package.sha256
    again = forwarding.forward(local, by=secretary, at=at)
    assert (again.document.version, Document.objects.filter(kind="package").count()) == (2, 2)
    assert Message.objects.filter(kind="package_forwarded").count() == 2


@pytest.mark.parametrize("page", ["package_detail", "lists"])
def test_a_package_that_is_opened_is_not_called_back(page, frozen, house, local, secretary, at, sign_in):
    forwarded = forwarding.forward(local, by=secretary, at=at)
    arguments = [local.round.code, *([forwarded.pk] if page == "package_detail" else [])]
    assert sign_in(house.regional_secretary).get(reverse(f"assessment:{page}", args=arguments)).status_code == 200
    shown = sign_in(secretary).get(reverse("assessment:package_detail", args=[local.round.code, forwarded.pk]))
    assert "Kall tilbake oversendelsen" not in shown.content.decode()
    answer = sign_in(secretary).post(turn_url(local, "call_back"), {"reason": WHY})
    assert (answer.status_code, "Mottakeren har åpnet oversendelsen" in answer.content.decode()) == (403, True)
    way_on = f'href="{turn_url(local, "package")}"'
    assert [words in answer.content.decode() for words in ("Dette kan ikke gjøres lenger", way_on)] == [True, True]
    with pytest.raises(forwarding.ForwardingError, match="åpnet oversendelsen"):
        forwarding.call_back(local, reason=WHY, by=secretary, at=at)


def test_a_package_that_the_receivers_work_with_is_not_called_back(
    frozen, house, local, regional, application, secretary, at
):
    forwarding.forward(local, by=secretary, at=at)
    application.refresh_from_db()
    words = {"due_date": local_date(at), "by": house.regional_secretary, "at": at}
    assigning.assign(application, regional, house.committee_member, **words)
    with pytest.raises(forwarding.ForwardingError, match="har begynt med sakene"):
        forwarding.call_back(local, reason=WHY, by=secretary, at=at)


def test_who_is_out_of_a_case_neither_unlocks_nor_calls_back(frozen, house, local, application, at, sign_in):
    decide_about(
        application,
        house.secretary,
        is_recused=True,
        ground="party",
        reason="Bror.",
        by=house.hospital_secretary,
        at=at,
    )
    client = sign_in(house.secretary)
    assert client.post(turn_url(local, "unlock"), {"reason": WHY}).status_code == 403
    forwarding.forward(local, by=house.hospital_secretary, at=at)
    assert client.post(turn_url(local, "call_back"), {"reason": WHY}).status_code == 403
    assert sign_in(house.far_secretary).get(turn_url(local, "unlock")).status_code == 404
    frozen.refresh_from_db()
    assert frozen.is_frozen


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", MOMENTS)
def test_unlocking_beside_forwarding_and_calling_back_beside_opening(
    house, northern, local, application, secretary, at, moment
):
    lock(house, northern, local, application, secretary, at)

    def unlock():
        freezing.unlock(local, reason=WHY, by=secretary, at=at)

    def forward():
        forwarding.forward(local, by=secretary, at=at)

    assert interleave(unlock, forward, moment) == ("done", "ForwardingError")
    freezing.freeze(local, by=secretary, at=at)
    forward()
    forwarded = Forwarding.objects.get()

    def call_back():
        forwarding.call_back(local, reason=WHY, by=secretary, at=at)

    def open_it():
        forwarding.open_package(forwarded, by=house.regional_secretary, at=at)

    outcomes = interleave(call_back, open_it, moment)
    assert (outcomes[0] == "done") is not Forwarding.objects.filter(opened_at__isnull=False).exists()
