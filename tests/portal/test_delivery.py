"""Mail that does not arrive: refused at once or tried for days, told to who can mend it, and sent again."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal import rooms
from portal.communities.queries import standing_at
from portal.jobs.models import Job
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail import queries
from portal.mail.models import Delivery, Message
from portal.mail.services import SettledError, leave, queue, send_again
from portal.mail.words import reason
from tests import factories
from tests.world import NOW

pytestmark = pytest.mark.django_db
BAD = "borte@example.org"


def mail(about, recipient="aase@example.org", key="mail:1", kind="password_reset"):
    context = {
        "link": "https://portal.example.org/x/",
        "name": "Åse",
        "days": 3,
        "reset_link": "https://x.example.org/",
    }
    message = queue("password_reset", recipient=recipient, about=about, context=context, at=NOW, key=key)
    Message.objects.filter(pk=message.pk).update(kind=kind)
    return message


def fresh(message):
    return Message.objects.get(pk=message.pk)


@pytest.fixture
def user(db):
    return factories.user("Åse Ærlig", email="aase@example.org")


# --- tries ----------------------------------------------------------------------------------------


@pytest.mark.fault("D13")
def test_d13_a_mail_server_that_is_away_is_tried_for_days_at_these_times(user, inbox):
    message = mail(user)
    inbox.refuses = True
    at, tries = NOW, []
    while not fresh(message).failed_at:
        run_all_due(at)
        tries.append(at - NOW)
        at = fresh(message).next_try_at or at
    minutes = [int(passed.total_seconds() / 60) for passed in tries]
    assert minutes == [0, 1, 6, 21, 81, *(81 + 240 * number for number in range(1, 30))]
    assert (fresh(message).answer, fresh(message).delivery) == ("451", Delivery.UNDELIVERED)
    assert reason(fresh(message)) == ("E-posttjeneren tok ikke imot meldingen (451). Vi prøvde i nesten fem dager.")
    job = Job.objects.get()
    assert (job.attempts, job.error, job.failed_at) == (1, "SMTPDataError", tries[-1] + NOW)


@pytest.mark.fault("D13")
def test_d13_while_it_is_tried_the_page_can_say_when_next(user, inbox):
    message = mail(user)
    inbox.refuses = True
    run_all_due(NOW)
    assert fresh(message).delivery == Delivery.DELAYED
    assert reason(fresh(message)) == (
        "E-posttjeneren tok ikke imot meldingen (451). Vi prøver på nytt 10.02.2025 kl.\N{NO-BREAK SPACE}10.01."
    )
    inbox.refuses = False
    run_all_due(NOW + timedelta(minutes=1))
    assert (fresh(message).delivery, reason(fresh(message))) == (Delivery.SENT, "")


@pytest.mark.fault("B7")
def test_b7_an_address_that_is_refused_for_good_is_known_at_once(user, inbox):
    inbox.unknown = {BAD}
    message = mail(user, BAD)
    run_all_due(NOW)
    assert (fresh(message).delivery, fresh(message).failed_at, fresh(message).answer) == (
        Delivery.UNDELIVERED,
        NOW,
        "550",
    )
    assert reason(fresh(message)) == ("E-posttjeneren der sier at adressen ikke tar imot e-post (550). Sjekk adressen.")
    assert run_all_due(NOW + timedelta(days=5)) == 0
    assert Job.objects.get().failed_at == NOW


def test_an_address_that_is_none_is_not_tried_for_days(user, inbox):
    message = mail(user, "a b@example.org\n")
    run_all_due(NOW)
    assert fresh(message).delivery == Delivery.UNDELIVERED
    assert reason(fresh(message)) == "Adressen kan ikke brukes til e-post. Sjekk at den er skrevet riktig."


@pytest.mark.fault("D13")
def test_d13_of_two_who_get_the_same_one_refused_address_is_known(house, inbox):
    """The copy was the second recipient of one message: the server refused it, and nobody learned of it."""
    inbox.unknown = {BAD}
    messages = [mail(house.ssu, address, key=address) for address in ("god@example.org", BAD)]
    run_all_due(NOW)
    assert [fresh(message).delivery for message in messages] == [Delivery.SENT, Delivery.UNDELIVERED]


def test_a_message_that_another_worker_is_sending_is_no_failed_try(user, inbox):
    message = mail(user)
    Message.objects.update(leased_until=NOW + timedelta(minutes=4))
    assert run_all_due(NOW) == 0
    job = Job.objects.get()
    assert (job.attempts, job.leased_until, fresh(message).failures) == (0, NOW + timedelta(minutes=4), 0)


# --- manage.py jobs -----------------------------------------------------------------------------


def printed(capsys, *arguments, **options):
    call_command("jobs", *arguments, **options)
    return capsys.readouterr().out.splitlines()


@pytest.mark.fault("D13")
def test_d13_the_operator_sees_what_failed_and_tries_it_again(user, inbox, capsys, frozen_clock):
    inbox.unknown = {BAD}
    message = mail(user, BAD)
    run_all_due(NOW)
    job = Job.objects.get()
    assert printed(capsys) == [
        "Har feilet: 1",
        f"{job.pk:8}  mail:{message.pk}  feilet 10.02.2025 kl.\N{NO-BREAK SPACE}10.00  SMTPRecipientsRefused",
        "Venter eller prøves på nytt: 0",
    ]
    inbox.unknown = set()
    assert printed(capsys, retry=[job.pk]) == ["Prøves på nytt: 1"]
    assert printed(capsys, "--waiting")[1:] == [
        "Venter eller prøves på nytt: 1",
        f"{job.pk:8}  mail:{message.pk}  siden 10.02.2025 kl.\N{NO-BREAK SPACE}10.00  –",
    ]
    run_all_due(NOW)
    assert (fresh(message).delivery, fresh(message).failed_at) == (Delivery.SENT, None)


def test_a_number_that_is_no_failed_job_is_told_of(user, capsys, frozen_clock):
    mail(user)
    with pytest.raises(CommandError, match=r"Ingen feilet jobb har nummer 7, 9\."):
        call_command("jobs", retry=[9, 7])
    assert printed(capsys, "--retry-all") == ["Prøves på nytt: 0"]


# --- who is told --------------------------------------------------------------------------------


def undelivered(about, recipient=BAD, **changes):
    """A message that was refused."""
    message = mail(about, recipient, **changes)
    Message.objects.filter(pk=message.pk).update(failed_at=NOW, answer="550")
    return message


def told(user):
    """The addresses of the messages that the person is told have not arrived."""
    return [one.message.recipient for one in queries.undelivered(standing_at(user, NOW))]


@pytest.mark.fault("B7")
def test_b7_those_who_administer_it_are_told_and_nobody_else(house):
    for number, about in enumerate((house.lead, house.ssu, house.community, house.applicant)):
        undelivered(about, f"{number}@example.org", key=f"mail:{number}", kind="invitation")
    told_to = {name: sorted(told(person)) for name, person in house.persons.items() if told(person)}
    everything = ["0@example.org", "1@example.org", "2@example.org", "3@example.org"]
    assert told_to == {"secretary": everything, "hospital_secretary": everything}


def test_nobody_is_told_of_a_link_to_choose_a_password(house):
    """It is for the person alone, who asks for a new one."""
    undelivered(house.applicant, kind="password_reset")
    assert told(house.secretary) == []


def test_what_was_settled_or_arrived_after_all_is_not_told_of(house):
    settled, arrived, waits = (undelivered(house.ssu, f"{n}@example.org", key=f"m:{n}") for n in range(3))
    Message.objects.update(kind="place_changed")
    Message.objects.filter(pk=settled.pk).update(settled_at=NOW)
    Message.objects.filter(pk=arrived.pk).update(sent_at=NOW)
    assert told(house.secretary) == [waits.recipient]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_more_messages(count, house, django_assert_num_queries):
    for number in range(count):
        undelivered(house.ssu, key=f"m:{number}", kind="place_changed")
    standing = standing_at(house.secretary, NOW)
    with django_assert_num_queries(3):
        assert len(queries.undelivered(standing)) == count
    Message.objects.all().delete()
    with django_assert_num_queries(1):
        assert queries.undelivered(standing) == []


def test_newer_mail_of_others_takes_no_message_from_the_list(house, monkeypatch):
    monkeypatch.setattr(queries, "SHOWN", 2)
    undelivered(house.ssu, "vaar@example.org", key="m:1", kind="place_changed")
    elsewhere = factories.organisation(name="Annen kommune", community=house.elsewhere)
    for number in range(2, 5):
        message = undelivered(elsewhere, f"{number}@example.org", key=f"m:{number}", kind="place_changed")
        Message.objects.filter(pk=message.pk).update(failed_at=NOW + timedelta(hours=number))
    assert told(house.secretary) == ["vaar@example.org"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("535", "E-posttjeneren slipper ikke portalen inn (535). Si fra til driften av portalen."),
        ("ConnectionRefusedError", "E-posttjeneren svarte ikke. Vi prøvde i nesten fem dager."),
        (
            "FileNotFoundError",
            (
                "Meldingen kunne ikke lages (FileNotFoundError). Si fra til driften av portalen. "
                "Vi prøvde i nesten fem dager."
            ),
        ),
    ],
)
def test_a_fault_here_is_not_told_as_silence_there(answer, sentence, house):
    message = undelivered(house.ssu)
    Message.objects.filter(pk=message.pk).update(answer=answer)
    assert reason(fresh(message)) == sentence


def test_every_kind_of_mail_about_a_row_has_somebody_who_looks_after_it():
    labels = {subject.model for subject in rooms.mail_subjects()}
    assert labels == {
        *(f"communities.{name}" for name in ("user", "body", "organisation", "healthcommunity")),
        "applications.application",
        "meetings.meeting",
        "actions.followupitem",
        "raised.raisedcase",
        "comments.commentround",
        "reporting.periodreport",
        "decisions.letter",
    }


# --- sending again ------------------------------------------------------------------------------


@pytest.mark.fault("B7")
def test_b7_a_mail_to_a_person_is_tried_again_at_the_persons_own_address_alone(house, sign_in, inbox, frozen_clock):
    message = undelivered(house.ssu, house.chair.email, kind="place_changed")
    client = sign_in(house.secretary)
    page = reverse("portal:send_again", args=[message.pk])
    assert "går bare til adressen i portalen" in client.get(page).content.decode()
    client.post(page, {"to": "annen@example.org"})
    run_all_due(NOW)
    again = Message.objects.get(sends_again=message)
    assert (again.recipient, again.delivery, fresh(message).delivery) == (
        house.chair.email,
        Delivery.SENT,
        Delivery.SENT_AGAIN,
    )
    assert told(house.secretary) == []
    entry = LogEntry.objects.get(act="mail.sent_again")
    assert (entry.actor, sentence(entry)) == (house.secretary, "En melding som ikke kom fram, ble sendt på nytt.")


def test_a_message_that_was_sent_again_is_not_sent_by_its_old_job(house, inbox):
    message = undelivered(house.ssu)
    send_again(message, to="ny@example.org", case=house.ssu, by=house.secretary, at=NOW)
    Job.objects.update(failed_at=None, done_at=None, leased_until=None)
    run_all_due(NOW)
    assert [mail["To"] for mail in inbox.messages] == ["ny@example.org"]


def test_two_who_send_it_again_send_it_once(house):
    message = undelivered(house.ssu)
    send_again(message, to="ny@example.org", case=house.ssu, by=house.secretary, at=NOW)
    for act in (send_again, leave):
        changes = {"to": "annen@example.org"} if act is send_again else {}
        with pytest.raises(SettledError, match="Noen andre har tatt seg av meldingen"):
            act(message, case=house.ssu, by=house.hospital_secretary, at=NOW, **changes)
    assert Message.objects.count() == 2


def test_a_message_may_be_left(house, sign_in, frozen_clock):
    message = undelivered(house.ssu, kind="place_changed")
    client = sign_in(house.secretary)
    client.post(reverse("portal:leave_message", args=[message.pk]))
    assert (told(house.secretary), fresh(message).delivery) == ([], Delivery.UNDELIVERED)
    assert "All e-post har kommet fram" in client.get(reverse("portal:undelivered")).content.decode()
    assert sentence(LogEntry.objects.get(act="mail.left")) == (
        "En melding som ikke kom fram, skal ikke sendes på nytt."
    )


@pytest.mark.parametrize(
    ("role", "listed", "one"), [("secretary", 200, 200), ("far_secretary", 200, 404), ("applicant", 403, 404)]
)
def test_who_reaches_the_pages(role, listed, one, house, sign_in, frozen_clock):
    message = undelivered(house.ssu, kind="place_changed")
    client = sign_in(getattr(house, role))
    page = reverse("portal:send_again", args=[message.pk])
    assert client.get(reverse("portal:undelivered")).status_code == listed
    assert client.get(page).status_code == one
    if one == 404:
        assert client.post(page, {"to": "x@example.org"}).status_code == 404
        assert client.post(reverse("portal:leave_message", args=[message.pk])).status_code == 404
        assert Message.objects.count() == 1
