"""Real worker, real broker (Redis beside PostgreSQL, folders beside SQLite), real mail server."""

import contextlib
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection, transaction

from portal import clock
from portal.jobs.models import Job
from portal.jobs.services import enqueue
from portal.mail.models import Message
from portal.starting import THREADS
from tests.harness import servers
from tests.harness.servers import wait_until
from tests.harness.tree import database_url, running_tree
from tests.test_processes import pid_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def queue_mail(recipient):
    """A message and the job that sends it, in one transaction, as portal.mail does."""
    at = clock.now()
    with transaction.atomic():
        message = Message.objects.create(
            key=recipient,
            kind="test",
            recipient=recipient,
            title="Møte i Tromsø",
            body_text="Vel møtt!\n",
            body_html="<p>Vel møtt!</p>",
            queued_at=at,
        )
        enqueue("portal.mail.services.send", key=f"mail:{message.pk}", due=at, message_id=message.pk)


def tree_on_test_database(tmp_path, inbox):
    broker = {"REDIS_URL": settings.REDIS_URL} if settings.REDIS_URL else {}
    smtp = f"smtp://127.0.0.1:{inbox.port}"
    return running_tree(tmp_path, "--no-migrate", DATABASE_URL=database_url(), EMAIL_URL=smtp, **broker)


def test_worker_sends_queued_mail(transactional_db, tmp_path, inbox):
    with tree_on_test_database(tmp_path, inbox):
        queue_mail("en@example.org")
        wait_until(lambda: inbox.messages, what="the mail")
        wait_until(lambda: not Job.objects.filter(done_at=None).exists(), what="the end of the job")
    (mail,) = inbox.messages
    assert (mail["To"], mail["Subject"]) == ("en@example.org", "Møte i Tromsø")
    assert mail.get_body(("plain",)).get_content() == "Vel møtt!\n"


def test_killed_worker_loses_no_mail(transactional_db, tmp_path, inbox):
    everyone = [f"person-{number}@example.org" for number in range(20)]
    with tree_on_test_database(tmp_path, inbox) as (process, _port):
        for person in everyone[:10]:
            queue_mail(person)
        wait_until(lambda: inbox.messages, what="the first mail")
        os.kill(pid_of(process, "worker"), signal.SIGKILL)
        for person in everyone[10:]:
            queue_mail(person)
        # What the dead worker held, the job and its message, is free again when the leases are over.
        Message.objects.filter(sent_at=None).update(leased_until=None)
        Job.objects.filter(done_at=None).update(leased_until=None)
        wait_until(lambda: {mail["To"] for mail in inbox.messages} >= set(everyone), what="every mail", seconds=60)
    assert {mail["To"] for mail in inbox.messages} == set(everyone)


@pytest.mark.fault("D8")
def test_mail_waits_while_redis_is_away_and_leaves_when_it_is_back(transactional_db, tmp_path, inbox):
    """Jobs are rows: what is queued without a broker is not lost, and nobody who presses a button sees it away."""
    port = servers.free_port()
    smtp, url = f"smtp://127.0.0.1:{inbox.port}", f"redis://127.0.0.1:{port}/0"
    with contextlib.ExitStack() as first:
        first.enter_context(servers.redis(port))
        with running_tree(tmp_path, "--no-migrate", DATABASE_URL=database_url(), EMAIL_URL=smtp, REDIS_URL=url) as (
            _process,
            web,
        ):
            queue_mail("med@example.org")
            wait_until(lambda: inbox.messages, what="the mail while Redis is there")
            first.close()
            queue_mail("uten@example.org")
            with urlopen(f"http://127.0.0.1:{web}/rounds/", timeout=60) as answer:
                assert answer.status == 200
            assert len(inbox.messages) == 1
            with servers.redis(port):
                wait_until(lambda: len(inbox.messages) == 2, what="the mail when Redis is back", seconds=90)
    assert [mail["To"] for mail in inbox.messages] == ["med@example.org", "uten@example.org"]


@pytest.mark.release
@pytest.mark.fault("D12")
def test_a_rush_takes_no_more_connections_than_there_are_threads(transactional_db, tmp_path, inbox):
    """A hundred at once: all are answered, and whoever looks after the database still gets in."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite gives as many connections as are asked for")
    others = taken()
    with tree_on_test_database(tmp_path, inbox) as (_process, port), ThreadPoolExecutor(100) as crowd:

        def ask(_number):
            with urlopen(f"http://127.0.0.1:{port}/rounds/", timeout=60) as answer:
                return answer.status

        statuses = list(crowd.map(ask, range(100)))
        # The threads of one web process, and one job process.
        assert taken() - others <= THREADS + 1
    assert statuses == [200] * 100


def taken():
    """How many connections there are to the database of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]
