"""The pages of decisions and letters: who gets in, what they do, what they cost."""

import re

import pytest
from django.urls import reverse

from evaluation.decisions import waiting as tasks
from evaluation.decisions.models import Decision, Letter, LetterBatch, LetterStatus
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.jobs.services import run_all_due
from tests.decisions.world import adopted, approve
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def world(house):
    return adopted(house)


@worlds.world
def letter(house, world):
    (decision,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    return letters.prepare(decision, by=house.secretary, at=NOW)


@worlds.world
def sent(house, letter):
    """The letter, sent, with its PDF."""
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    return letter


def overview(world):
    return reverse("decisions:overview", args=[world.round.code])


OFFICE = ("secretary", "hospital_secretary")
ALL = (
    "applicant",
    "co_applicant",
    "signatory",
    "stranger",
    "secretary",
    "hospital_secretary",
    "far_secretary",
    "regional_secretary",
    "assessor",
    "member",
    "chair",
    "nobody",
)


@pytest.mark.parametrize("role", ALL)
def test_only_the_secretariat_of_the_round_sees_its_decisions(role, house, world, sign_in):
    expected = 200 if role in OFFICE else 404
    assert sign_in(getattr(house, role)).get(overview(world)).status_code == expected


@pytest.mark.parametrize("role", ALL)
def test_a_draft_letter_is_seen_by_the_secretariat_alone(role, house, letter, sign_in):
    client = sign_in(getattr(house, role))
    expected = 200 if role in OFFICE else 404
    for name in ("letter", "letter_pdf"):
        assert client.get(reverse(f"decisions:{name}", args=[letter.number])).status_code == expected


@pytest.mark.parametrize("role", ALL)
def test_a_sent_letter_is_seen_by_those_it_was_sent_to(role, house, sent, sign_in):
    expected = 200 if role in ("applicant", "signatory", *OFFICE) else 404
    assert sign_in(getattr(house, role)).get(sent.get_absolute_url()).status_code == expected


@pytest.mark.parametrize("role", ALL)
@pytest.mark.parametrize("name", ["approve", "send"])
def test_nobody_else_acts_on_a_letter(role, name, house, letter, sign_in):
    answer = sign_in(getattr(house, role)).post(reverse(f"decisions:{name}", args=[letter.number]))
    # The secretary has written it.
    reader = 302 if role == "hospital_secretary" else 403
    expected = {"approve": reader, "send": 403}[name] if role in OFFICE else 404
    assert answer.status_code == expected


def test_an_anonymous_person_is_sent_to_sign_in(client, world):
    answer = client.get(overview(world))
    assert (answer.status_code, answer.url) == (302, f"/account/login/?next={overview(world)}")


def test_the_secretariat_goes_from_minutes_to_sent_letter_by_buttons(house, world, sign_in):
    client, code = sign_in(house.secretary), world.round.code
    page = client.get(overview(world)).content.decode()
    assert "Registrer vedtakene fra møtet" in page
    client.post(reverse("decisions:decide_meeting", args=[code, world.meeting.pk]))
    client.post(reverse("decisions:prepare_all", args=[code]))
    letter = Letter.objects.get()
    chosen = {"letters": [letter.number]}
    colleague = sign_in(house.hospital_secretary)
    assert colleague.get(reverse("decisions:preview", args=[letter.number])).status_code == 200
    shown = {"shown": f"{letter.number} {letter.sha256}"}
    colleague.post(reverse("decisions:approve_letters", args=[code]), chosen | shown)
    client.post(reverse("decisions:send_letters", args=[code]), chosen | shown)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT
    assert Decision.objects.get().amount == 1_000_000


def test_a_colleague_who_registers_what_is_registered_is_told_so(house, world, sign_in):
    """The page was open in two windows: the second press was answered with «Vi finner ikke siden»."""
    address = reverse("decisions:decide_meeting", args=[world.round.code, world.meeting.pk])
    for person, said in (
        (house.secretary, "1 vedtak er registrert."),
        (house.hospital_secretary, "Vedtakene fra møtet er allerede registrert."),
    ):
        assert said in sign_in(person).post(address, follow=True).text
    assert Decision.objects.count() == 1
    assert sign_in(house.far_secretary).post(address).status_code == 404


def test_choosing_no_letter_is_answered_with_a_sentence(house, world, letter, sign_in):
    answer = sign_in(house.secretary).post(
        reverse("decisions:send_letters", args=[world.round.code]), {"letters": []}, follow=True
    )
    assert "Velg minst ett brev." in answer.content.decode()


def test_a_letter_of_another_helsefellesskap_cannot_be_chosen(house, world, letter, sign_in):
    answer = sign_in(house.far_secretary).post(
        reverse("decisions:approve_letters", args=[world.round.code]), {"letters": [letter.number]}
    )
    letter.refresh_from_db()
    assert (answer.status_code, letter.status) == (404, LetterStatus.DRAFT)


def test_a_missing_text_in_the_round_is_told_and_nothing_is_written(house, world, sign_in):
    world.priority_list.refresh_from_db()
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)[0]
    Decision.objects.filter(pk=made.pk).update(outcome="not_prioritised", amount=None)
    answer = sign_in(house.secretary).post(reverse("decisions:prepare", args=[made.pk]), follow=True)
    assert "Runden mangler brevtekst" in answer.content.decode()
    assert not Letter.objects.exists()


def test_packing_shows_its_progress_and_gives_the_zip_to_the_one_who_asked(house, world, letter, sign_in):
    approve(letter, by=house.hospital_secretary)
    client = sign_in(house.secretary)
    chosen = {"letters": [letter.number]}
    page = client.post(reverse("decisions:pack_letters", args=[world.round.code]), chosen, follow=True)
    assert "0 av 1" in page.content.decode()
    batch = LetterBatch.objects.get()
    assert client.get(reverse("decisions:batch_zip", args=[batch.pk])).status_code == 404
    run_all_due(NOW)
    assert "1 av 1" in client.get(batch.get_absolute_url()).content.decode()
    zipped = client.get(reverse("decisions:batch_zip", args=[batch.pk]))
    assert b"".join(zipped.streaming_content).startswith(b"PK")
    other = sign_in(house.hospital_secretary)
    assert other.get(batch.get_absolute_url()).status_code == 404


@pytest.mark.fault("A3")
def test_a_zip_is_closed_when_its_maker_is_found_inhabil_afterwards(house, world, letter, sign_in):
    approve(letter, by=house.hospital_secretary)
    letters.start_batch(world.round, [letter], by=house.secretary, at=NOW)
    run_all_due(NOW)
    batch = LetterBatch.objects.get()
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(world.applications[0], house.secretary, **words, by=house.hospital_secretary, at=NOW)
    client = sign_in(house.secretary)
    assert client.get(reverse("decisions:batch_zip", args=[batch.pk])).status_code == 403
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Pakken inneholder brev i en sak du er inhabil i. Lag en ny." in page
    assert "Last ned alle brevene" not in page
    overview = client.get(reverse("decisions:overview", args=[world.round.code])).content.decode()
    assert ("Derfor er summene" in overview, "av rammen på" in overview) == (True, False)


@pytest.mark.parametrize("name", ["prepare_all", "approve_letters", "send_letters", "pack_letters"])
def test_acts_are_posts(name, house, world, sign_in):
    assert sign_in(house.secretary).get(reverse(f"decisions:{name}", args=[world.round.code])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_costs_the_same_with_more_rows(count, house, sign_in, django_assert_num_queries):
    world = adopted(house, [("granted", 10)] * count)
    for made in decide_from_minutes(world.meeting, by=house.secretary, at=NOW):
        letters.prepare(made, by=house.secretary, at=NOW)
    client = sign_in(house.secretary)
    client.get(overview(world))
    # The last that came: what the person has done to the seats of the office since the letters were written, which
    # does not make one person enough (``for_colleague``).
    with django_assert_num_queries(16):
        client.get(overview(world))


def test_the_applicants_find_the_sent_letter_on_the_applications_own_page(house, letter, sign_in):
    application = letter.decision.application
    page = reverse("applications:sent", args=[application.code])
    client = sign_in(house.applicant)
    assert letter.number not in client.get(page).content.decode()
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    shown = client.get(page).content.decode()
    assert letter.get_absolute_url() in shown
    assert reverse("followup:project", args=[application.code]) in shown


def test_the_receiver_sees_outcome_amounts_and_answer_beside_the_letter_and_not_what_was_recommended(
    house, letter, sign_in
):
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    project = reverse("followup:project", args=[letter.decision.application.code])
    people = house.applicant, house.secretary, house.signatory
    pages = [sign_in(person).get(letter.get_absolute_url()) for person in people]
    steps = [page.context["step"] for page in pages]
    # Only one who may sign for the lead is asked for the answer.
    waits = ("Venter på svar fra ansvarlig søker", "Se prosjektet", project)
    asked = ("Svar på tilskuddet", "Les vilkårene og svar", project)
    assert [(step.title, step.act, step.url) for step in steps] == [waits, waits, asked]
    terms = [re.findall("<dt>([^<]+)</dt>", page.content.decode()) for page in pages]
    assert terms[0] == ["Utfall", "Søkt", "Vedtatt", "Dokumentet", "Fra", "Til", "Sendt", "Brevets nummer"]
    assert {"Innstilt", "Votering", "Skrevet av", "Godkjent av", "Sendt"} <= set(terms[1])


@pytest.mark.parametrize("role", ["secretary", "hospital_secretary", "applicant", "chair"])
def test_the_list_of_rounds_shows_those_the_secretariat_handles(role, house, world, sign_in):
    page = sign_in(getattr(house, role)).get(reverse("decisions:rounds")).content.decode()
    assert (overview(world) in page) == (role in OFFICE)


def test_adopted_minutes_are_a_task_until_their_decisions_are_made(house, world):
    waiting = [(task.url, task.hint) for task in tasks.minutes(house.secretary, NOW)]
    assert waiting == [(overview(world), world.round.title)]
    assert tasks.minutes(house.applicant, NOW) == []
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert tasks.minutes(house.secretary, NOW) == []
