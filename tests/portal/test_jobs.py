"""Jobs are rows: leased once, run once, tried again after a crash."""

from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from celery.worker.request import Request
from django.conf import settings
from django.db import connection, transaction

from portal import clock, starting
from portal.jobs import services, tasks
from portal.jobs.models import Job
from portal.jobs.services import LEASE, MAX_ATTEMPTS, enqueue, lease_due, run, run_all_due
from tests.world import NOW

HERE = "tests.portal.test_jobs"
done: list[tuple] = []


def work(*, number, at):
    """A task that tells that it ran."""
    done.append((number, at))


def fail(*, at):
    """A task that cannot."""
    raise ValueError("kari.nordmann@example.org kan ikke")


def crash(*, at):
    """A task whose process dies."""
    raise SystemExit


@pytest.fixture(autouse=True)
def _forget():
    done.clear()


def queue(number=1, due=NOW, task="work", **arguments):
    arguments = {"number": number} if task == "work" else arguments
    return enqueue(f"{HERE}.{task}", key=f"{task}:{number}", due=due, **arguments)


def test_same_key_twice_is_one_job_as_it_was_first(db):
    first = queue(due=NOW)
    second = queue(due=NOW + timedelta(days=1))
    assert first == second
    assert Job.objects.get().due_at == NOW


def test_job_of_an_act_that_is_rolled_back_is_gone(db):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.parametrize(("seconds", "leased"), [(-1, 0), (0, 1), (1, 1)])
def test_job_is_leased_from_its_second_on(db, seconds, leased):
    queue()
    assert len(lease_due(NOW + timedelta(seconds=seconds))) == leased


def test_leased_job_is_not_leased_again_until_the_lease_is_out(db):
    job = queue()
    assert lease_due(NOW) == [job.pk]
    assert lease_due(NOW + LEASE - timedelta(seconds=1)) == []
    assert lease_due(NOW + LEASE) == [job.pk]


def test_lease_takes_no_more_than_it_may(db):
    for number in range(5):
        queue(number)
    assert [len(lease_due(NOW, limit=3)), len(lease_due(NOW, limit=3))] == [3, 2]


def test_run_gives_the_task_its_arguments_and_the_time(db):
    job = queue(7)
    assert run(job.pk, at=NOW)
    assert done == [(7, NOW)]
    job.refresh_from_db()
    assert (job.done_at, job.attempts, job.leased_until, job.error) == (NOW, 1, None, "")


def test_job_that_is_done_is_not_run_again(db):
    job = queue()
    assert (run(job.pk, at=NOW), run(job.pk, at=NOW)) == (True, False)
    assert len(done) == 1


def test_failure_is_kept_by_its_type_alone_and_tried_ever_later(db):
    job = queue(task="fail")
    waits = []
    for _ in range(2):
        assert not run(job.pk, at=NOW)
        job.refresh_from_db()
        waits.append(job.leased_until - NOW)
    assert (job.error, job.attempts, waits) == ("ValueError", 2, [timedelta(seconds=20), timedelta(seconds=80)])


def test_job_is_given_up_after_its_attempts(db):
    job = queue(task="fail")
    for _ in range(MAX_ATTEMPTS):
        run(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.attempts, job.failed_at) == (MAX_ATTEMPTS, NOW)
    assert lease_due(NOW + timedelta(days=30)) == []
    assert not run(job.pk, at=NOW)


def test_job_whose_task_does_not_exist_is_kept_as_failed(db):
    job = enqueue("rounds.nowhere.nothing", key="nothing", due=NOW)
    assert not run(job.pk, at=NOW)
    job.refresh_from_db()
    assert job.error == "ModuleNotFoundError"


def test_job_of_a_worker_that_died_is_run_by_the_next(db):
    job = queue(task="crash")
    assert lease_due(NOW) == [job.pk]
    with pytest.raises(SystemExit):
        run(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.done_at, job.attempts) == (None, 1)
    Job.objects.update(task=f"{HERE}.work", arguments={"number": 1})
    assert run_all_due(NOW) == 0
    assert run_all_due(NOW + LEASE) == 1
    assert len(done) == 1


def test_run_all_due_leaves_what_is_not_due(db):
    queue(1)
    queue(2, due=NOW + timedelta(seconds=1))
    assert run_all_due(NOW) == 1
    assert done == [(1, NOW)]


@pytest.fixture
def eager():
    """Celery's tasks run where they are called."""
    tasks.run_job.app.conf.task_always_eager = True
    yield
    tasks.run_job.app.conf.task_always_eager = False


def test_tick_hands_each_due_job_to_a_worker(db, eager, frozen_clock):
    queue(1)
    queue(2)
    tasks.tick()
    assert sorted(done) == [(1, NOW), (2, NOW)]


@pytest.mark.fault("D7")
def test_mail_has_a_queue_of_its_own_so_that_it_does_not_wait_behind_all_files(db, monkeypatch, frozen_clock):
    for number, task in enumerate((f"{HERE}.work", services.MAIL, f"{HERE}.work")):
        enqueue(task, key=f"job-{number}", due=NOW, number=number)
    put = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda arguments, queue: put.append((arguments, queue)))
    tasks.tick()
    first, mail, last = Job.objects.order_by("pk").values_list("pk", flat=True)
    assert put == [((first,), "celery"), ((mail,), "mail"), ((last,), "celery")]
    assert starting.worker_command(1)[-6:-2] == ["--queues", "celery,mail", "--without-gossip", "--without-mingle"]


@pytest.mark.parametrize(("seconds", "heard"), [(0, False), (1, False), (1.4, False), (1.5, True), (2, True)])
def test_second_beat_does_nothing_in_the_interval_of_the_first(db, seconds, heard):
    assert services.is_heard("jobs.tick", NOW)
    assert services.is_heard("jobs.tick", NOW + timedelta(seconds=seconds)) == heard


def test_a_clock_that_was_ahead_once_silences_nothing(db):
    assert services.is_heard("jobs.tick", NOW + timedelta(hours=5))
    assert services.is_heard("jobs.tick", NOW)
    assert not services.is_heard("jobs.tick", NOW)


def test_each_periodic_task_is_heard_for_itself(db):
    assert [services.is_heard(task, NOW) for task in settings.CELERY_BEAT_SCHEDULE] == [True] * 3
    assert [services.is_heard(task, NOW) for task in settings.CELERY_BEAT_SCHEDULE] == [False] * 3


def test_second_tick_hands_out_nothing(db, eager, frozen_clock):
    tasks.tick()
    queue()
    tasks.tick()
    assert done == []
    frozen_clock.move_to(NOW + timedelta(seconds=2))
    tasks.tick()
    assert len(done) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_rung", [False, True])
def test_of_two_beats_that_ring_at_once_one_is_heard(has_rung):
    if has_rung:
        services.is_heard("jobs.tick", NOW - timedelta(seconds=2))
    barrier, heard = Barrier(2), []

    def ring():
        barrier.wait()
        heard.append(services.is_heard("jobs.tick", NOW))
        connection.close()

    beats = [Thread(target=ring) for _beat in range(2)]
    for beat in beats:
        beat.start()
    for beat in beats:
        beat.join()
    assert sorted(heard) == [False, True]


@pytest.mark.parametrize(("waited", "dropped"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_tick_that_waited_longer_than_it_is_worth_is_dropped(waited, dropped):
    """As Celery's worker asks of each message that it takes from the broker."""
    expires = timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["jobs.tick"]["options"]["expires"])
    sent_at = clock.now() - (expires + waited if dropped else expires / 2)
    headers = {"id": "1", "task": "jobs.tick", "expires": (sent_at + expires).isoformat()}
    request = Request(
        SimpleNamespace(headers=headers, delivery_info={}, properties={}, body=((), {}, {}),
                        content_type="application/json", content_encoding="utf-8"),
        app=tasks.tick.app, task=tasks.tick, headers=headers, decoded=True, on_ack=None,
        eventer=None, on_reject=None, connection_errors=(),
    )  # fmt: skip
    assert bool(request.maybe_expire()) == dropped


def test_every_beat_expires_by_the_next_or_when_clocks_may_differ():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["options"]["expires"] == max(entry["schedule"], 30.0), name
        assert entry["task"] == name


@pytest.mark.django_db(transaction=True)
def test_job_that_many_want_is_won_by_one():
    job = queue()
    start, won = Barrier(4), []

    def lease():
        start.wait()
        won.extend(lease_due(NOW))
        connection.close()

    racers = [Thread(target=lease) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert won == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_job_handed_out_twice_runs_twice_at_most_and_is_done_once():
    """A lease that ran out hands a job to a second worker: the task is idempotent, the row is done."""
    job = queue()
    assert run(job.pk, at=NOW)
    assert not services.run(job.pk, at=NOW + LEASE)
    assert Job.objects.get().attempts == 1


def test_a_job_that_is_put_off_while_it_is_looked_for_is_not_leased(db, monkeypatch):
    job = queue()

    class Late(list):
        """The keys that were found; before the first is leased, the job is put off."""

        def __iter__(self):
            Job.objects.filter(pk=job.pk).update(due_at=NOW + timedelta(minutes=30))
            return super().__iter__()

    keys = services._due_keys
    monkeypatch.setattr(services, "_due_keys", lambda *args: Late(keys(*args)))
    assert services.lease_due(NOW) == []
    assert Job.objects.get().leased_until is None


@pytest.mark.django_db
def test_a_job_that_is_asked_for_again_runs_as_it_is_asked_for_now_only_when_it_had_failed():
    for number in (1, 2):
        services.enqueue_again(f"{HERE}.work", key="same", due=NOW, number=number)
    assert (run_all_due(NOW), done) == (1, [(1, NOW)])
    services.enqueue_again(f"{HERE}.work", key="same", due=NOW, number=3)
    assert run_all_due(NOW) == 0
    Job.objects.update(done_at=None, failed_at=NOW, attempts=MAX_ATTEMPTS)
    services.enqueue_again(f"{HERE}.work", key="same", due=NOW, number=4)
    assert (run_all_due(NOW), done[1:]) == (1, [(4, NOW)])
