"""The approval of a letter is taken back until the letter is sent (M5)."""

import pytest
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.decisions.models import LetterStatus
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
WHY = "Begrunnelsen skal skrives om."


@worlds.world
def letter(house):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    made = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(made, by=house.hospital_secretary)
    return made


def address(letter):
    return reverse("decisions:take_back", args=[letter.number])


def test_an_approved_letter_is_a_draft_again_and_the_log_keeps_who_approved_it(house, letter, sign_in):
    client = sign_in(house.secretary)
    for page in (letter.get_absolute_url(), reverse("decisions:overview", args=[Application.objects.get().round.code])):
        assert address(letter) in client.get(page).content.decode()
    assert client.post(address(letter), {"reason": ""}).status_code == 422
    assert client.post(address(letter), {"reason": WHY}).url == letter.get_absolute_url()
    letter.refresh_from_db()
    assert (letter.status, letter.approved_by, letter.approved_at) == (LetterStatus.DRAFT, None, None)
    told = LogEntry.objects.get(act="letter.taken_back")
    assert (told.data["reason"], told.data["approved_by"]) == (WHY, house.hospital_secretary.name)
    assert told.data["approved_at"] == NOW.isoformat()
    assert sentence(told) == f"Godkjenningen av brev {letter.number} ble tatt tilbake («{WHY}»)."
    with pytest.raises(letters.LetterStateError):
        letters.send(letter, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    assert client.get(address(letter)).status_code == 403


def test_a_reason_is_asked_for_and_a_sent_letter_stays_sent(house, letter):
    with pytest.raises(letters.LetterError, match="Skriv hvorfor godkjenningen tas tilbake"):
        letters.take_back(letter, reason=" ", by=house.secretary, at=NOW)
    letters.send(letter, by=house.secretary, at=NOW)
    with pytest.raises(letters.LetterStateError):
        letters.take_back(letter, reason=WHY, by=house.secretary, at=NOW)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT


@pytest.mark.parametrize(
    ("role", "expected"), [("secretary", 302), ("out", 403), ("chair", 404), ("applicant", 404), ("far_secretary", 404)]
)
def test_those_who_handle_the_letter_take_its_approval_back(role, expected, house, letter, sign_in):
    person = house.secretary if role == "out" else getattr(house, role)
    if role == "out":
        words = {
            "is_recused": True,
            "decided_ground": "party",
            "reason": "Bror.",
            "decided_by": house.hospital_secretary,
        }
        Habilitet.objects.create(application=Application.objects.get(), person=person, decided_at=NOW, **words)
    assert sign_in(person).post(address(letter), {"reason": WHY}).status_code == expected
    letter.refresh_from_db()
    assert letter.status == (LetterStatus.DRAFT if expected == 302 else LetterStatus.APPROVED)


def test_a_zip_that_was_ordered_before_is_packed_without_the_letter(house, letter):
    batch = letters.start_batch(Application.objects.get().round, [letter], by=house.secretary, at=NOW)
    letters.take_back(letter, reason=WHY, by=house.secretary, at=NOW)
    letters.make_zip(batch_id=batch.pk, at=NOW)
    batch.refresh_from_db()
    assert letter.number.encode() not in batch.zip_file.read()
