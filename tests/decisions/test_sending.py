"""Letters that are sent by jobs: what the job asks again, and what the pages say of them meanwhile and after."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.text import capfirst

from applications.models import Application, Contact
from applications.workflow import Status
from evaluation.decisions.models import Decision, Letter
from evaluation.decisions.queries import approved_of
from evaluation.decisions.queries.ordered import being_sent, sending_key
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.acts import BusyError
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.documents import services as documents
from portal.jobs.models import Job
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from tests.decisions.test_many_letters import heading, text_of
from tests.decisions.test_reviewing import recuse
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

LATER = NOW + timedelta(minutes=1)


@worlds.world
def three(house):
    """Three approved letters, and how they are sent."""
    made = adopted(house, [("granted", 10), ("rejected", None), ("granted", 20)])
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        approve(letters.prepare(decision, by=house.secretary, at=NOW), by=house.hospital_secretary)
    return made


def stored():
    return list(Letter.objects.order_by("pk"))


def order(house, *chosen):
    for letter in chosen:
        letters.order_sending(letter, by=house.secretary, at=NOW)


def address(world, name="overview"):
    return reverse(f"decisions:{name}", args=[world.round.code])


def test_what_a_job_was_to_send_and_may_not_stays_as_it_is(house, three):
    first, second, third = stored()
    order(house, first, second, third)
    assert being_sent(stored()) == {first.pk, second.pk, third.pk}
    letters.take_back(first, reason="Feil beløp.", by=house.secretary, at=NOW)
    Application.objects.filter(pk=second.decision.application_id).update(status=Status.WITHDRAWN)
    letters.send(third, by=house.secretary, at=NOW)
    run_all_due(NOW)
    assert [letter.status for letter in stored()] == ["draft", "approved", "sent"]
    assert being_sent(stored()) == set()
    assert LogEntry.objects.filter(act="letter.sent").count() == 1


@pytest.mark.parametrize("since", ["out of the case", "out of the office", "out of the portal", "nothing"])
def test_no_letter_goes_out_for_one_who_may_no_longer_send_it(since, house, three):
    letter, *_others = stored()
    order(house, letter)
    if since == "out of the case":
        recuse(house, letter.decision.application)
    elif since == "out of the office":
        house.secretary.seats.update(to_date=local_date(NOW) - timedelta(days=1))
    elif since == "out of the portal":
        type(house.secretary).objects.filter(pk=house.secretary.pk).update(is_active=False)
    run_all_due(NOW)
    letter.refresh_from_db()
    job = Job.objects.get(key=sending_key(letter) if since != "nothing" else f"letter:{letter.pk}:{NOW.isoformat()}")
    # It stops for good at the first try.
    expected = ("sent", None, 1, "") if since == "nothing" else ("approved", NOW, 1, "SenderError")
    assert (letter.status, job.failed_at, job.attempts, job.error) == expected


@pytest.mark.parametrize("is_rewritten", [True, False])
def test_a_letter_that_was_approved_anew_is_not_sent_by_the_old_order(is_rewritten, house, three, monkeypatch):
    letter, *_others = stored()
    order(house, letter)
    letters.take_back(letter, reason="Feil begrunnelse.", by=house.secretary, at=NOW)
    if is_rewritten:
        Decision.objects.filter(pk=letter.decision_id).update(reason="En annen begrunnelse.")
    letter = letters.prepare(Decision.objects.get(pk=letter.decision_id), by=house.secretary, at=NOW)
    letters.look(letter, by=house.hospital_secretary, at=LATER)
    letters.approve(letter, by=house.hospital_secretary, at=LATER)
    made = []
    monkeypatch.setattr(documents, "make_pdf", lambda **arguments: made.append(arguments))
    job = Job.objects.get(key__startswith=f"letter:{letter.pk}:")
    with pytest.raises(letters.HopelessError):
        letters.send_ordered(**job.arguments, at=LATER)
    letter.refresh_from_db()
    # Nor is its PDF made in vain.
    assert (letter.status, made) == ("approved", [])


def test_one_that_met_others_at_the_same_rows_is_tried_again(house, three, monkeypatch):
    letter, *_others = stored()
    order(house, letter)

    def busy(*args, **words):
        raise BusyError

    with monkeypatch.context() as patched:
        patched.setattr(letters, "send", busy)
        run_all_due(NOW)
    assert Job.objects.get(key=sending_key(letter)).failed_at is None
    run_all_due(LATER)
    letter.refresh_from_db()
    assert letter.status == "sent"


def test_one_that_failed_is_tried_anew_by_whoever_orders_it_again(house, three):
    letter, *_others = stored()
    order(house, letter)
    recuse(house, letter.decision.application)
    run_all_due(NOW)
    assert being_sent([letter]) == set()
    letters.order_sending(letter, by=house.hospital_secretary, at=LATER)
    assert being_sent([letter]) == {letter.pk}
    run_all_due(LATER)
    letter.refresh_from_db()
    assert letter.status == "sent"
    assert LogEntry.objects.get(act="letter.sent").actor == house.hospital_secretary


def test_the_log_tells_the_secretariat_of_each_that_is_ordered(house, three, sign_in):
    order(house, *stored()[:2])
    told = LogEntry.objects.filter(act="letter.ordered").order_by("pk")
    assert [entry.actor for entry in told] == [house.secretary] * 2
    said = f"Brev {stored()[0].number} ble lagt til sending."
    assert sentence(told[0]) == said
    pages = (sign_in(person).get(reverse("portal:log")) for person in (house.secretary, house.applicant))
    assert [said in text_of(page) for page in pages] == [True, False]


def test_what_can_be_refused_is_refused_when_it_is_ordered(house, three):
    first, second, third = stored()
    Application.objects.filter(pk=first.decision.application_id).update(status=Status.WITHDRAWN)
    with pytest.raises(letters.LetterStateError, match="trukket"):
        order(house, first)
    Contact.objects.filter(partner__application=second.decision.application_id).delete()
    type(house.lead).objects.filter(pk=house.lead.pk).update(email="")
    with pytest.raises(letters.LetterError, match="ingen å gå til"):
        order(house, second)
    letters.take_back(Letter.objects.get(pk=third.pk), reason="Feil.", by=house.secretary, at=NOW)
    with pytest.raises(letters.LetterStateError, match="behandlet dette i mellomtiden"):
        order(house, third)
    assert not Job.objects.filter(task__endswith="send_ordered").exists()


def test_the_page_counts_what_is_sent_among_what_can_be_sent(house, three, sign_in):
    """Two wait for their jobs, and one of these is withdrawn: it is counted neither as waiting nor as left."""
    first, second, third = stored()
    order(house, first, second)
    Application.objects.filter(pk=first.decision.application_id).update(status=Status.WITHDRAWN)
    letters.send(third, by=house.secretary, at=NOW)
    page = sign_in(house.secretary).get(address(three))
    assert heading(page) == "Ett brev sendes nå"
    assert "Portalen lager PDF-en og sender brevet" in text_of(page)


def test_what_a_job_is_sending_is_neither_asked_about_nor_sent_again(house, three, sign_in):
    first, second, third = stored()
    order(house, first, second)
    client = sign_in(house.secretary)
    assert heading(client.get(address(three))) == "Ett godkjent brev er ikke sendt"
    assert approved_of(three.round, standing_at(house.secretary, NOW)) == [third]
    asked = client.get(address(three, "confirm_letters")).content.decode()
    assert [letter.number in asked for letter in (first, second, third)] == [False, False, True]
    said = client.post(address(three, "send_letters"), {"letters": [first.number]}, follow=True)
    assert "Ingen av de valgte brevene er godkjent og venter på å bli sendt." in text_of(said)
    assert {letter.status for letter in stored()} == {"approved"}


def test_the_list_and_the_letter_s_page_agree_on_what_is_being_sent(house, three, sign_in):
    first, second, _third = stored()
    order(house, first)
    client = sign_in(house.secretary)
    page = client.get(first.get_absolute_url())
    assert "Brevet sendes nå." in text_of(page)
    offered = client.get(address(three)).content.decode()
    for name in ("take_back", "send"):
        url, other = (reverse(f"decisions:{name}", args=[letter.number]) for letter in (first, second))
        assert url not in page.content.decode()
        assert client.post(url, {"reason": "Feil."}).status_code == 403
        assert other in client.get(second.get_absolute_url()).content.decode()
        assert (url in offered, other in offered) == (False, name == "take_back")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("SenderError", "den som ville sende det, har ikke lenger rett til det"),
        ("LetterStateError", "vedtaket gjelder ikke lenger"),
        ("LetterError", "send det på nytt for å se hvorfor"),
    ],
)
def test_list_and_letter_say_that_a_job_did_not_send_it_and_why(error, why, house, three, sign_in):
    letter, *_others = stored()
    order(house, letter)
    Job.objects.filter(key=sending_key(letter)).update(failed_at=NOW, error=error)
    client = sign_in(house.secretary)
    alone = text_of(client.get(letter.get_absolute_url()))
    assert f"Brevet ble ikke sendt {capfirst(why)}. Det går som e-post" in alone
    page = client.get(address(three))
    assert text_of(page).count("ikke sendt:") == 1
    assert f"ikke sendt: {why}" in text_of(page)
    assert heading(page) == "Tre godkjente brev er ikke sendt"
