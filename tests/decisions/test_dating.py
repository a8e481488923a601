"""A letter bears the day it is sent, and says otherwise word for word what was approved."""

import re
from datetime import date, timedelta

import pytest

from evaluation.decisions.models import Letter
from evaluation.decisions.queries.ordered import with_sending
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.clock import local_date
from portal.documents.models import Document
from portal.formats import date_no, moment_in_words
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.decisions.test_letters import text_of
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DAYS = 9
LATER = NOW + timedelta(days=DAYS)
DATED = {"date", "date_text", "acceptance_date"}


@worlds.world
def approved(house):
    """An award's letter, approved today."""
    made = adopted(house, [("granted", 1_000_000)])
    (decision,) = decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    return letter


def documents_of(letter):
    return list(Document.objects.filter(kind="letter", subject=letter.number).order_by("version"))


def rename(letter):
    """The lead gets another name: the letter is written to somebody else."""
    lead = letter.decision.application.partners.get(role="lead").organisation
    type(lead).objects.filter(pk=lead.pk).update(name="Nye Senja kommune")


def test_a_letter_that_is_sent_another_day_bears_that_day_and_counts_its_deadlines_from_it(house, approved):
    before = approved.snapshot
    letter = Letter.objects.get()
    letters.send(letter, by=house.hospital_secretary, at=LATER)
    letter = Letter.objects.get()
    assert letter.dated == local_date(LATER) == local_date(letter.sent_at)
    assert letter.accept_by == date.fromisoformat(before["acceptance_date"]) + timedelta(days=DAYS)
    changed = {key for key, value in letter.snapshot.items() if value != before[key]}
    # The texts in which the two deadlines are told, and nothing else.
    assert changed - DATED == {"sections"}
    first, second = documents_of(letter)
    assert (first.snapshot, letter.document) == (before, second)
    assert second.frozen_by == first.frozen_by == house.secretary
    drawn = text_of(letter.pdf.read())
    assert re.findall(r"Dato ?([\d.]+)", drawn) == [letter.snapshot["date_text"]]
    assert LogEntry.objects.get(act="letter.sent").data["sha256"] == letter.sha256
    assert all(message.attachments.get() == letter.pdf for message in Message.objects.filter(kind="decision_letter"))


def test_the_page_of_a_letter_sent_another_day_says_when_it_was_written(house, approved, sign_in, frozen_clock):
    frozen_clock.move_to(LATER)
    letters.send(Letter.objects.get(), by=house.hospital_secretary, at=LATER)
    page = sign_in(house.secretary).get(approved.get_absolute_url()).text
    written, sent = (page.count(moment_in_words(at, LATER)) for at in (approved.created_at, LATER))
    assert (written, sent) == (2, 0)  # written and approved; the sending stands in numbers


def test_a_letter_that_is_sent_the_day_it_was_approved_is_the_one_that_was_approved(house, approved):
    letters.send(Letter.objects.get(), by=house.secretary, at=NOW)
    assert documents_of(approved) == [approved.document]


def test_what_has_changed_since_it_was_approved_is_not_sent_unseen(house, approved):
    rename(approved)
    for act in (letters.send, letters.order_sending):
        with pytest.raises(letters.LetterOutdatedError, match="endret siden det ble godkjent"):
            act(Letter.objects.get(), by=house.secretary, at=LATER)
    letter = Letter.objects.get()
    assert (letter.status, documents_of(letter)) == ("approved", [approved.document])
    letters.take_back(letter, reason="Nytt navn.", by=house.secretary, at=LATER)
    letter = letters.prepare(letter.decision, by=house.secretary, at=LATER)
    letters.look(letter, by=house.hospital_secretary, at=LATER)
    letters.approve(letter, by=house.hospital_secretary, at=LATER)
    letters.send(letter, by=house.secretary, at=LATER)
    assert letter.snapshot["recipient"]["name"] == "Nye Senja kommune"


def test_a_job_that_meets_the_change_leaves_the_letter_and_says_why(house, approved):
    letters.order_sending(Letter.objects.get(), by=house.secretary, at=NOW)
    rename(approved)
    run_all_due(LATER)
    letter = Letter.objects.get()
    with_sending([letter])
    assert (letter.status, letter.is_sending) == ("approved", False)
    assert letter.not_sent == "noe brevet forteller om, er endret siden det ble godkjent"


def test_a_draft_written_again_another_day_is_new_only_when_it_says_something_new(house, approved):
    letter = Letter.objects.get()
    letters.take_back(letter, reason="Ser på det igjen.", by=house.secretary, at=NOW)
    same = letters.prepare(letter.decision, by=house.secretary, at=LATER)
    assert (same.document, same.created_at) == (approved.document, approved.created_at)
    rename(approved)
    assert letters.prepare(Letter.objects.get().decision, by=house.secretary, at=LATER).document != approved.document


def test_the_mail_with_an_awards_letter_says_until_when_its_conditions_can_be_accepted(house, approved):
    letters.send(Letter.objects.get(), by=house.hospital_secretary, at=LATER)
    letter = Letter.objects.get()
    said = set(Message.objects.filter(kind="decision_letter").values_list("body_text", flat=True))
    wanted = f"Aksepter vilkårene i portalen innen {date_no(letter.accept_by)}, så kan pengene betales ut."
    assert said
    assert all(wanted in text for text in said)
    # Who can answer is told too: most who get the letter cannot.
    lead = letter.decision.application.partners.get(role="lead")
    assert all(f"Disse kan svare for {lead.name}: " in text and house.signatory.name in text for text in said)
