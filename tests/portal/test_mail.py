"""The outbox: queued with the act, sent once, by a real mail server."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from portal.files.services import store_bytes
from portal.invisible import INVISIBLE
from portal.jobs.models import Job
from portal.jobs.services import enqueue, run_all_due
from portal.mail.models import KEY_LENGTH, Message
from portal.mail.services import LEASE, OWN, BeingSentError, queue, send
from tests import factories
from tests.harness.pure_modules import ROOT
from tests.world import NOW

LINK = "https://portal.example.org/account/password/reset/key/1-abc/"
CONTACT = "https://portal.example.org/contact/"


def reset(user, key="reset:1", **changes):
    arguments = {"recipient": user.email, "about": user, "context": {"link": LINK, "name": user.name}, "at": NOW}
    return queue("password_reset", key=key, **{**arguments, **changes})


@pytest.fixture
def user(db):
    return factories.user("Åse Ærlig", email="aase@example.org")


def test_mail_is_rendered_when_it_is_queued(user, settings):
    settings.SITE_URL = "https://portal.example.org"
    message = reset(user)
    assert message.title == "Velg nytt passord i Samhandlingsportalen"
    assert message.body_text.startswith("Hei, Åse Ærlig!\n\nNoen har bedt om et nytt passord")
    assert f'<a href="{LINK}"' in message.body_html
    assert (message.subject_type, message.subject_id, message.sent_at) == ("communities.user", str(user.pk), None)


def test_text_is_written_as_it_is_and_html_is_escaped(user):
    message = reset(user, context={"link": LINK, "name": "<b>Ola & Kari</b>"})
    assert "Hei, <b>Ola & Kari</b>!" in message.body_text
    assert "&lt;b&gt;Ola &amp; Kari&lt;/b&gt;" in message.body_html


def test_the_only_link_of_a_mail_is_its_button_and_nothing_is_fetched(user, settings):
    settings.SITE_URL = "https://portal.example.org"
    html = reset(user).body_html
    assert re.search(rf'<a href="{LINK}"\s+style="display:inline-block;[^>]*>Velg nytt passord</a>', html)
    assert "<h1" in html.split("Velg nytt passord i Samhandlingsportalen</h1>")[0]
    assert re.findall(r"<img|<link|<script|url\(|@import", html) == []
    assert set(re.findall(r'(?:src|href|background)="([^"]*)"', html)) == {LINK, CONTACT}


def test_every_mail_says_in_its_foot_who_to_ask(user, settings):
    settings.SITE_URL = "https://portal.example.org"
    message = reset(user)
    asks = "Sendt automatisk fra Samhandlingsportalen. Har du spørsmål, skriv til sekretariatet:"
    assert message.body_text.endswith(f"\n\n-- \n{asks}\n{CONTACT}\n")
    assert asks in message.body_html


def test_an_address_that_somebody_typed_is_never_a_button(user, settings):
    settings.SITE_URL = "https://portal.example.org"
    package = {"from": {"name": "SSU"}, "to": {"name": "Utvalget"}, "round": {"title": "Runden"}}
    context = {"package": package, "reason": "Feil liste.\nGodkjenn her:\nhttps://portal.example.org/account/logout/"}
    message = queue("package_called_back", recipient=user.email, about=user, context=context, at=NOW, key="back")
    assert "display:inline-block" not in message.body_html
    assert "Godkjenn her:\nhttps://portal.example.org/account/logout/" in message.body_text


def test_the_sign_of_an_own_address_leaves_no_trace(user, settings):
    settings.SITE_URL = "https://portal.example.org"
    message = reset(user)
    assert (OWN in message.body_text, OWN in message.body_html, INVISIBLE.sub("", OWN)) == (False, False, "")


def test_every_mail_is_written_as_text_alone():
    names = {path.name for path in (ROOT / "templates/emails").glob("*/*")}
    assert names == {"subject.txt", "body.txt", "line.txt"}


def test_line_breaks_in_a_subject_are_no_way_to_more_headers(user, settings, tmp_path):
    (tmp_path / "emails/hostile").mkdir(parents=True)
    (tmp_path / "emails/hostile/subject.txt").write_text("Prosjekt {{ title }}")
    (tmp_path / "emails/hostile/body.txt").write_text("Hei")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    title = "Ett\r\nBcc: alle@example.org"
    message = queue("hostile", recipient=user.email, about=user, context={"title": title}, at=NOW, key="hostile")
    assert message.title == "Prosjekt Ett Bcc: alle@example.org"


def test_same_key_twice_is_one_mail(user):
    assert reset(user) == reset(user)
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)


def test_the_longest_addresses_have_each_a_key_that_fits(user):
    long = [f"{'a' * 60}@{'b' * 180}{end}.example" for end in ("1", "2")]
    kept = [reset(user, key=f"reset:1:{address}", recipient=address).key for address in [*long, long[0]]]
    assert (kept[0] == kept[2], len(set(kept)), max(map(len, kept))) == (True, 2, KEY_LENGTH)
    assert Message.objects.filter(key__startswith="reset:1:").count() == 2


def test_mail_of_an_act_that_is_rolled_back_is_never_sent(user, inbox):
    with transaction.atomic():
        reset(user)
        transaction.set_rollback(True)
    assert run_all_due(NOW) == 0
    assert inbox.messages == []


def test_mail_arrives_with_its_attachment(user, inbox):
    pdf = store_bytes(b"%PDF-1.7 brev", name="Tilskuddsbrev Åfjord.pdf", content_type="application/pdf", at=NOW)
    reset(user, attachments=[pdf])
    assert run_all_due(NOW) == 1
    (mail,) = inbox.to("aase@example.org")
    assert (mail["Subject"], mail["To"]) == ("Velg nytt passord i Samhandlingsportalen", "aase@example.org")
    assert mail["From"] == "Samhandlingsportalen <portal@example.org>"
    assert mail.get_body(("plain",)).get_content().startswith("Hei, Åse Ærlig!")
    (attachment,) = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Tilskuddsbrev Åfjord.pdf", b"%PDF-1.7 brev")
    assert Message.objects.get().sent_at == NOW
    # By the portal's clock, which is not the machine's in the demo.
    assert mail["Date"].datetime == NOW


def test_mail_that_was_sent_is_not_sent_again(user, inbox):
    message = reset(user)
    for _ in range(2):
        send(message_id=message.pk, at=NOW)
    assert len(inbox.messages) == 1


def test_mail_that_the_server_refuses_is_tried_again_with_the_same_id(user, inbox):
    message = reset(user)
    inbox.refuses = True
    assert run_all_due(NOW) == 0
    message.refresh_from_db()
    assert (message.sent_at, Job.objects.get().error) == (None, "SMTPDataError")
    inbox.refuses = False
    later = NOW + timedelta(hours=1)
    assert run_all_due(later) == 1
    (mail,) = inbox.messages
    assert mail["Message-ID"] == f"<portal-{message.pk}@example.org>"
    message.refresh_from_db()
    assert message.sent_at == later


def test_mail_is_written_in_the_persons_language(user):
    message = reset(user, language="nn")
    assert message.language == "nn"


# --- a mail server that says nothing ------------------------------------------------------------------


@pytest.fixture
def silent_server(settings):
    """A mail server that takes the connection and says nothing; waited for a moment only."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 0.5
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        yield server


@pytest.mark.fault("D7")
def test_a_silent_mail_server_is_waited_for_and_the_job_is_tried_again(user, silent_server):
    message = reset(user)
    begun = time.monotonic()
    assert run_all_due(NOW) == 0
    assert time.monotonic() - begun < 10
    message.refresh_from_db()
    job = Job.objects.get()
    assert (message.sent_at, message.leased_until, job.error, job.failed_at) == (
        None,
        None,
        "SMTPServerDisconnected",
        None,
    )


@pytest.mark.fault("D7")
def test_d7_a_silent_mail_server_is_waited_for_once_and_other_jobs_are_done(user, silent_server, smtp_server, settings):
    for number in range(5):
        reset(user, key=f"reset:{number}")
    enqueue("tests.portal.test_jobs.work", key="other", due=NOW, number=1)
    assert run_all_due(NOW) == 1
    assert sum(message.failures for message in Message.objects.all()) == 1, "one message waited for the server"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    assert run_all_due(NOW + timedelta(seconds=59)) == 0
    assert run_all_due(NOW + timedelta(seconds=60)) == 5


@pytest.mark.django_db(transaction=True)
def test_no_row_is_held_while_the_mail_server_is_spoken_to(silent_server):
    message = reset(factories.user(email="aase@example.org"))

    def work():
        run_all_due(NOW)
        connection.close()

    worker = Thread(target=work)
    worker.start()
    taken, _address = silent_server.accept()
    # The worker waits for the server's greeting now: others may write the message and the job.
    Message.objects.filter(pk=message.pk).update(title="skrevet imens")
    Job.objects.update(error="skrevet imens")
    assert worker.is_alive()
    with pytest.raises(BeingSentError):
        send(message_id=message.pk, at=NOW)
    worker.join(10)
    taken.close()
    assert Message.objects.get().title == "skrevet imens"


def test_a_message_whose_worker_died_is_sent_when_its_lease_has_run_out(user, inbox):
    message = reset(user)
    Message.objects.update(leased_until=NOW + LEASE)
    with pytest.raises(BeingSentError):
        send(message_id=message.pk, at=NOW + LEASE - timedelta(seconds=1))
    send(message_id=message.pk, at=NOW + LEASE)
    assert len(inbox.messages) == 1


def test_real_time_out_is_in_the_settings(settings):
    assert settings.EMAIL_TIMEOUT == 20


@pytest.mark.django_db(transaction=True)
def test_two_who_queue_the_same_mail_at_once_queue_one():
    person, barrier = factories.user(email="aase@example.org"), Barrier(2)

    def queue_one(_number):
        barrier.wait()
        try:
            return reset(person).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(queue_one, range(2)))) == 1
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)
