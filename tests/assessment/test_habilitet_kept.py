"""A question that another has raised and the person's own answer are told side by side; no word of either is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Habilitet, HabilitetStep
from evaluation.assessment.queries.habilitet import history_of, state_of
from evaluation.assessment.services import declaring
from evaluation.assessment.services.declaring import AlreadyDecidedError, HabilitetError
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.assessment import world
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]

ASKED = {"ground": "party", "explanation": "Søsteren leder prosjektet."}
SAID = {"ground": "other", "explanation": "Vi er bare naboer."}


@worlds.world
def new(house, northern, at):
    return world.sent(house, northern, at, status="submitted")


@worlds.world
def asked(house, new, at):
    """A question that an officer has raised about a member."""
    return declaring.raise_about(new, house.member, **ASKED, by=house.secretary, at=at)


@pytest.fixture
def later(at, frozen_clock):
    frozen_clock.move_to(at + timedelta(hours=1))
    return at + timedelta(hours=1)


def row_of(person):
    return Habilitet.objects.get(person=person)


def told(person, application):
    with translation.override("nb"):
        return [(event.by, event.text, event.detail) for event in history_of(person.pk, application)]


QUESTION = ("Sara Secretary", "Reiste spørsmål om habiliteten: Er selv part, eller i nær familie med en part.")


@pytest.mark.parametrize("has_tie", [True, False])
def test_the_persons_answer_leaves_the_question_as_it_was(has_tie, house, new, asked, at, later):
    ground = SAID["ground"] if has_tie else ""
    declaring.declare(new, has_tie=has_tie, ground=ground, explanation=SAID["explanation"], by=house.member, at=later)
    row = row_of(house.member)
    assert (row.ground, row.explanation, row.raised_by, row.raised_at) == (*ASKED.values(), house.secretary, at)
    assert (row.has_tie, row.answer_ground, row.answer_explanation) == (has_tie, ground, SAID["explanation"])
    assert (row.declared_at, row.is_pending) == (later, True)
    answered = (
        "Meldte selv en tilknytning: Andre særegne forhold."
        if has_tie
        else ("Svarte selv nei på om det finnes en tilknytning.")
    )
    assert told(house.member, new) == [
        (*QUESTION, ASKED["explanation"]),
        ("Mona Member", answered, SAID["explanation"]),
    ]
    raised, declared = LogEntry.objects.filter(act__startswith="habilitet.").order_by("pk")
    assert (raised.data["ground"], raised.actor, declared.data["ground"], declared.actor) == (
        "party", house.secretary, ground, house.member
    )  # fmt: skip


def test_the_page_of_the_case_and_the_page_that_decides_tell_both(house, new, asked, later, sign_in):
    declaring.declare(new, has_tie=True, **SAID, by=house.member, at=later)
    client = sign_in(house.hospital_secretary)
    case = " ".join(client.get(reverse("assessment:detail", args=[new.code])).content.decode().split())
    # The ground and the reason stand on a line each.
    line = ' </span> <span class="cell-note">'
    asked_of = "Reist av Sara Secretary: Er selv part, eller i nær familie med en part."
    assert f"{asked_of}{line}{ASKED['explanation']}" in case
    assert f"Meldte selv: Andre særegne forhold.{line}{SAID['explanation']}" in case
    page = client.get(reverse("assessment:recusal", args=[new.code, house.member.pk])).content.decode()
    assert [words for words in (*QUESTION, *ASKED.values(), *SAID.values()) if words not in page] == []
    # The person sees the own answer alone, to change it.
    answer = sign_in(house.member).get(reverse("assessment:habilitet", args=[new.code]))
    assert answer.status_code in {200, 404}
    assert ASKED["explanation"] not in answer.content.decode()


def test_an_answer_that_is_changed_is_kept(house, new, at, later):
    declaring.declare(new, has_tie=True, **SAID, by=house.member, at=at)
    declaring.declare(new, has_tie=False, explanation="Vi har flyttet.", by=house.member, at=later)
    assert state_of(house.member.pk, new) == State.CLEAR
    assert [words for _by, _text, words in told(house.member, new)] == [SAID["explanation"], "Vi har flyttet."]
    row = row_of(house.member)
    assert (row.raised_by, row.explanation, row.answer_explanation) == (None, "", "Vi har flyttet.")


def test_a_decision_that_is_made_again_leaves_the_first_in_the_history(house, new, asked, at, later):
    declaring.decide(new, house.member, is_recused=False, reason="Fjern slekt.", by=house.hospital_secretary, at=at)
    declaring.raise_about(new, house.member, **SAID, by=house.hospital_secretary, at=later)
    declaring.decide(new, house.member, is_recused=True, ground="other", reason="Nær.", by=house.secretary, at=later)
    assert [words for _by, _text, words in told(house.member, new)] == [
        ASKED["explanation"], "Fjern slekt.", SAID["explanation"], "Nær."
    ]  # fmt: skip


# --- taken back ---------------------------------------------------------------------------------------


def take_back(application, person, by, at, reason="Feil person."):
    declaring.take_back_question(application, person, reason=reason, by=by, at=at)


def test_whoever_raised_it_takes_it_back_and_the_person_is_told(house, new, asked, later):
    take_back(new, house.member, house.secretary, later)
    assert state_of(house.member.pk, new) == State.UNDECLARED
    assert told(house.member, new) == [
        (*QUESTION, ASKED["explanation"]),
        ("Sara Secretary", "Tok spørsmålet tilbake.", "Feil person."),
    ]
    message = Message.objects.get(kind="habilitet_taken_back")
    assert message.recipient == house.member.email
    assert "Sara Secretary har tatt tilbake spørsmålet om du er habil i «" in message.body_text
    assert ("Saken er åpen for deg igjen." in message.body_text, "Feil person" in message.body_text) == (True, False)
    entry = LogEntry.objects.get(act="habilitet.taken_back")
    assert (entry.actor, entry.data) == (house.secretary, {"person": house.member.pk})


def test_a_tie_that_the_person_has_declared_is_a_question_still(house, new, asked, at, later):
    declaring.declare(new, has_tie=True, **SAID, by=house.member, at=at)
    take_back(new, house.member, house.secretary, later)
    row = row_of(house.member)
    assert (row.is_pending, row.raised_by, row.raised_at) == (True, house.member, at)
    assert (row.ground, row.explanation) == tuple(SAID.values())
    assert "Du har selv meldt en tilknytning" in Message.objects.get(kind="habilitet_taken_back").body_text


def test_a_no_is_valid_again_when_the_question_is_taken_back(house, new, at, later):
    declaring.declare(new, has_tie=False, explanation="Ingen.", by=house.member, at=at)
    declaring.raise_about(new, house.member, **ASKED, by=house.secretary, at=at)
    take_back(new, house.member, house.secretary, later)
    row = row_of(house.member)
    assert (state_of(house.member.pk, new), row.raised_by, row.ground, row.explanation) == (State.CLEAR, None, "", "")
    assert row.answer_explanation == "Ingen."


def test_an_earlier_decision_and_its_question_are_valid_again(house, new, asked, at, later):
    declaring.decide(
        new, house.member, is_recused=True, ground="party", reason="Søsken.", by=house.hospital_secretary, at=at
    )
    declaring.raise_about(new, house.member, **SAID, by=house.hospital_secretary, at=later)
    take_back(new, house.member, house.hospital_secretary, later)
    row = row_of(house.member)
    assert (row.is_pending, row.is_recused, row.reason) == (False, True, "Søsken.")
    assert (row.raised_by, row.raised_at, row.ground, row.explanation) == (house.secretary, at, *ASKED.values())
    assert "gjelder fortsatt" in Message.objects.get(kind="habilitet_taken_back").body_text


def test_nobody_else_takes_it_back_and_not_after_the_decision(house, new, asked, at, later):
    with pytest.raises(HabilitetError, match="Skriv hvorfor"):
        take_back(new, house.member, house.secretary, later, reason=" ")
    for other in (house.member, house.hospital_secretary):
        with pytest.raises(HabilitetError):
            take_back(new, house.member, other, later)
    # Nor does a person take back the question that is about the person's own answer.
    declaring.declare(new, has_tie=True, **SAID, by=house.hospital_secretary, at=at)
    with pytest.raises(HabilitetError):
        take_back(new, house.hospital_secretary, house.hospital_secretary, later)
    assert {row.is_pending for row in Habilitet.objects.all()} == {True}
    declaring.decide(new, house.member, is_recused=False, reason="Nei.", by=house.regional_secretary, at=at)
    with pytest.raises(AlreadyDecidedError):
        take_back(new, house.member, house.secretary, later)
    assert not HabilitetStep.objects.filter(kind="taken_back").exists()


def test_who_is_out_of_the_case_since_takes_nothing_back(house, new, asked, at, later):
    declaring.declare(new, has_tie=True, **SAID, by=house.secretary, at=at)
    with pytest.raises(HabilitetError, match="Saken er stengt for deg"):
        take_back(new, house.member, house.secretary, later)
    assert state_of(house.member.pk, new) == State.PENDING


@pytest.mark.usefixtures("later")
def test_it_is_taken_back_on_a_page(house, application, local, at, sign_in):
    world.assign(application, local, house.assessor, house.secretary, at)
    declaring.raise_about(application, house.assessor, **ASKED, by=house.secretary, at=at)
    url = reverse("assessment:take_back_question", args=[application.code, house.assessor.pk])
    detail = reverse("assessment:detail", args=[application.code])
    other = sign_in(house.hospital_secretary)
    assert url not in other.get(detail).content.decode()
    assert (other.get(url).status_code, other.post(url, {"reason": "Nei."}).status_code) == (403, 403)
    client = sign_in(house.secretary)
    assert url in client.get(detail).content.decode()
    assert "Begrunnelsen blir stående ved spørsmålet, med navnet ditt." in client.get(url).content.decode()
    assert (client.get(url).status_code, client.post(url, {"reason": " "}).status_code) == (200, 422)
    page = client.post(url, {"reason": "Feil person."}, follow=True)
    assert "Spørsmålet er tatt tilbake, og Arne Assessor har fått e-post." in page.content.decode()
    late = client.post(url, {"reason": "Igjen."}, follow=True)
    assert "Spørsmålet er allerede avgjort, eller tatt tilbake." in late.content.decode()
    again = client.get(reverse("assessment:raise_habilitet", args=[application.code, house.assessor.pk]))
    assert [words for words in (ASKED["explanation"], "Feil person.") if words not in again.content.decode()] == []
