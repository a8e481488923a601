"""The clock of the demo: what it can be moved to, what happens on the way, and that nothing of it is anywhere else."""

import email
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings as portal_settings
from django.test import RequestFactory
from django.urls import reverse

from evaluation.assessment.queries import turns
from evaluation.assessment.queries.outstanding import outstanding
from evaluation.demo import moments, services, tasks
from evaluation.demo.timeline import person
from evaluation.followup.models import EvaluationReport
from portal import clock, demo_clock, requests
from portal.communities.queries import standing_at
from portal.demo_clock import SILENT, Walk
from portal.formats import datetime_no
from portal.jobs.services import enqueue, next_due, run_all_due
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.journal.services import verify
from portal.mail import mailbox
from portal.reminders.services import remind
from rounds.models import Round
from tests.world import NOW

pytestmark = pytest.mark.fault("D11")

WEEK = timedelta(days=7)
PAGES = ("demo:clock", "demo:progress")


@pytest.fixture
def sent(monkeypatch):
    """The ends of the walks that were given to the worker."""
    ends = []
    monkeypatch.setattr(tasks.walk, "delay", ends.append)
    return ends


def go_to(client, key):
    """Press the button of the moment; the page that comes then."""
    return client.post(reverse("demo:move"), {"moment": key}, follow=True).content.decode()


# --- the clock itself ---------------------------------------------------------------------------------------------


def test_a_clock_that_nobody_has_moved_is_the_machines(movable, frozen_clock):
    assert (clock.now(), demo_clock.read()) == (NOW, Walk())


def test_a_moved_clock_goes_on_from_where_it_is_and_never_back(movable, frozen_clock):
    demo_clock.set_to(NOW + WEEK, Walk())
    assert clock.now() == NOW + WEEK
    frozen_clock.shift(timedelta(minutes=3))
    assert clock.now() == NOW + WEEK + timedelta(minutes=3)
    demo_clock.set_to(NOW, Walk())
    assert clock.now() == NOW + WEEK + timedelta(minutes=3)


@pytest.mark.parametrize(("walk", "silent", "going", "over"), [
    (Walk(), timedelta(), False, True),
    (Walk(done=1, total=2), SILENT - timedelta(seconds=1), True, False),
    (Walk(done=1, total=2), SILENT, False, False),
    (Walk(done=2, total=2), timedelta(), False, True),
])  # fmt: skip
def test_a_walk_that_tells_nothing_has_stopped(movable, frozen_clock, walk, silent, going, over):
    demo_clock.tell(walk)
    frozen_clock.shift(silent)
    assert (demo_clock.read().is_going, demo_clock.read().is_over) == (going, over)


# --- only in the demo ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_clock_is_moved_in_the_demo_alone(movable, frozen_clock, settings, monkeypatch, is_demo):
    """A file that lies there moves nothing elsewhere: the portal does not read it."""
    demo_clock.set_to(NOW + WEEK, Walk())
    clock.shift_by(timedelta)
    settings.IS_DEMO = is_demo
    monkeypatch.setattr("django.core.checks.register", lambda *_check, **_more: None)
    monkeypatch.setattr("portal.searching.start", lambda: None)
    apps.get_app_config("portal").ready()
    assert clock.now() == (NOW + WEEK if is_demo else NOW)


def test_nothing_of_it_is_seen_elsewhere(db, client):
    assert portal_settings.IS_DEMO is False
    assert [client.get(reverse(name)).status_code for name in PAGES] == [404, 404]
    assert client.post(reverse("demo:move"), {"moment": "week"}).status_code == 404
    page = client.get("/").content.decode()
    assert [word in page for word in ("/clock/", "Flytt klokka", "Klokka er")] == [False, False, False]
    assert not LogEntry.objects.exists()


def test_everybody_may_see_and_move_it_in_the_demo(db, client, movable, frozen_clock, sent):
    page = client.get(reverse("demo:clock")).content.decode()
    assert [label in page for label in ("Neste dag", "Neste uke", "Ni måneder fram")] == [True, True, True]
    assert f"Klokka er {datetime_no(NOW)}." in client.get("/").content.decode()
    assert client.get(reverse("demo:move")).status_code == 405
    assert "Klokka går." in go_to(client, "week")
    assert len(sent) == 1


def test_one_walk_at_a_time_to_a_moment_that_there_is(db, movable, frozen_clock):
    with pytest.raises(services.NoMomentError):
        services.order("yesterday", by=None, at=NOW)
    moment = services.order("week", by=None, at=NOW)
    assert moment.at > NOW
    services.announce(moment.at)
    with pytest.raises(services.ClockGoesError):
        services.order("week", by=None, at=NOW)
    assert LogEntry.objects.filter(act="demo.clock_moved").count() == 1


# --- the page -----------------------------------------------------------------------------------------------------


def test_moving_it_is_written_in_the_log_in_a_whole_sentence(db, client, movable, frozen_clock, sent):
    go_to(client, "day")
    entry = LogEntry.objects.get()
    assert (entry.actor, sentence(entry)) == (None, f"Klokka i demoen ble flyttet til {entry.data['to']}.")
    assert verify() is None


def test_a_clock_that_goes_is_not_sent_elsewhere(db, client, movable, frozen_clock, sent):
    go_to(client, "week")
    page = go_to(client, "months")
    assert "Klokka er allerede på vei. Vent til den er framme." in page
    assert [words in page for words in ("0 av 7", "Neste uke")] == [True, False]
    assert len(sent) == LogEntry.objects.count() == 1
    assert "0 av 7" in client.get(reverse("demo:progress")).content.decode()


def test_a_moment_that_is_gone_is_refused(db, client, movable, frozen_clock, sent):
    assert "Tidspunktet er passert eller flyttet. Velg på nytt." in go_to(client, "meeting:99")
    assert (sent, LogEntry.objects.count()) == ([], 0)


def test_the_page_says_that_it_has_arrived_or_stopped(db, client, movable, frozen_clock):
    demo_clock.tell(Walk(done=7, total=7, mails=2))
    assert "På veien ble 2 e-poster sendt." in client.get(reverse("demo:clock")).content.decode()
    assert client.get(reverse("demo:progress"))["HX-Refresh"] == "true"
    demo_clock.tell(Walk(done=3, total=7))
    frozen_clock.shift(SILENT)
    assert "Klokka stoppet før den var framme." in client.get(reverse("demo:clock")).content.decode()


def test_it_goes_no_further_than_two_years(db, movable, frozen_clock):
    demo_clock.set_to(NOW + moments.FARTHEST - timedelta(days=3), Walk())
    assert [moment.key for moment in moments.moments(clock.now())] == ["day"]


# --- the walk -----------------------------------------------------------------------------------------------------


def test_the_next_job_is_a_stop_on_the_way(db, movable, frozen_clock):
    enqueue("portal.demo_clock.read", key="one", due=NOW + timedelta(days=2, hours=3))
    assert next_due(NOW) == NOW + timedelta(days=2, hours=3)
    assert services._next_stop(NOW, NOW + WEEK) == NOW + timedelta(days=2, hours=3)
    assert services._next_stop(NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


@pytest.mark.slow
@pytest.mark.release
@pytest.mark.timeout(240)
def test_the_walk_brings_what_time_brings(demo, movable):
    """The deadline lets the list be locked; the reminders arrive one by one, on their days; nine months go."""
    begun = clock.now()
    remind(begun)
    run_all_due(begun)
    before = len(mailbox.names())
    labels = {moment.key.partition(":")[0] for moment in moments.moments(begun)}
    assert labels == {"day", "week", "months", "before", "after", "meeting", "evaluation"}
    open_round = Round.objects.get(code="helse-nord-2025")
    [turn] = turns.handled_turns(open_round, standing_at(person("samhandlingsleder.kommunene"), begun))
    assert "deadline" in [item.key for item in outstanding(turn, clock.now())]
    after = next(moment for moment in moments.moments(begun) if moment.key.startswith("after:"))
    services.walk(after.at)
    assert clock.now() - after.at < timedelta(minutes=2)
    assert {item.key for item in outstanding(turn, clock.now())}.isdisjoint({"deadline", "settling"})
    report = EvaluationReport.objects.get()
    services.walk(next(moment for moment in moments.moments(clock.now()) if moment.key == "months").at)
    mails = [mailbox.read_mail(name) for name in reversed(mailbox.names())][before:]
    days = [clock.local_date(email.utils.parsedate_to_datetime(mail["Date"])) for mail in mails]
    assert days == sorted(days)
    assert days[0] <= report.due_date <= days[-1]
    of_evaluation = [
        (day - report.due_date).days for day, mail in zip(days, mails, strict=True)
        if "prosjektleder.hamar" in mail["To"] and "valuering" in mail["Subject"]
    ]  # fmt: skip
    offsets = sorted(report.acceptance.decision.application.round.spec.follow_up.evaluation_reminders)
    assert of_evaluation == [offset for offset in offsets if offset > -12]
    assert verify() is None


def test_what_the_proxy_says_of_a_request_is_moved_with_the_clock(movable, frozen_clock, settings):
    """The proxy knows the machine's time only."""
    settings.REQUEST_START_HEADER, settings.TRUSTED_PROXIES = "X-Request-Start", ["127.0.0.1"]
    demo_clock.set_to(NOW + WEEK, Walk())
    came_in = []
    began = NOW - timedelta(seconds=9)
    request = RequestFactory().get("/", headers={"X-Request-Start": f"t={int(began.timestamp())}"})
    requests.middleware(lambda request: came_in.append(request.now))(request)
    assert came_in == [began + WEEK]
