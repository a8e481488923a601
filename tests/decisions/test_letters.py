"""Letters: written from the decision, frozen, approved, made once, sent once, packed together."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from pypdf import PdfReader

from applications.models import Application, Contact, Signature
from applications.workflow import Status
from evaluation.decisions import letter_content
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.queries import progress_of
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide, decide_from_minutes
from portal.clock import local_date
from portal.documents import services
from portal.documents.models import Document
from portal.files.models import StoredFile
from portal.formats import kroner
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from portal.snapshots import digest
from tests import documents, factories
from tests.applications import world as applications_world
from tests.assessment import world as assessments
from tests.decisions.world import adopted, approve
from tests.decisions.world import application as applications_of_decisions
from tests.harness import worlds
from tests.world import NOW

pytestmark = pytest.mark.django_db


@worlds.world
def decision(house):
    (made,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    return made


@worlds.world
def letter(house, decision):
    return letters.prepare(decision, by=house.secretary, at=NOW)


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.fault("B1")
def test_a_letter_that_no_meeting_has_decided_is_not_signed_by_the_body(house, decision):
    """A refusal at the check was sent «Med hilsen» from a committee that had never seen the application."""
    signed = letter_content.build(decision, number="1", language="nb", on=local_date(NOW))["signer"]
    assert signed == decision.application.round.spec.decision.decided_by
    refused = applications_of_decisions(house, decision.application.round, status=Status.NOT_ADMITTED)
    words = {"outcome": "not_admitted", "amount": None, "reason": "Ingen partner.", "by": house.secretary, "at": NOW}
    made = decide(refused, **words)
    for language, said in (
        ("nb", f"Sekretariatet for {house.community.name}"),
        ("en", f"The secretariat of {house.community.name}"),
    ):
        told = letter_content.build(made, number="2", language=language, on=local_date(NOW))
        assert told["signer"] == said
    # In the region's stage it is the region's secretariat.
    last = refused.round.stages.last()
    stage = type(last).objects.create(
        round=refused.round,
        code="region",
        position=last.position + 1,
        body=house.committee,
        body_kind=house.committee.kind,
    )
    refused.stage_entries.update(left_at=NOW, state="forwarded")
    refused.stage_entries.create(stage=stage, state="received", entered_at=NOW)
    told = letter_content.build(made, number="2", language="nb", on=local_date(NOW))
    assert told["signer"] == f"Sekretariatet for {house.region.name}"


def test_the_letter_divides_no_amount_that_nobody_has_divided(letter):
    """M4: the letter told amounts of each year, worked out from the budget, as if the body had decided them."""
    page = text_of(services.render(letter.document)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Søkt om 1 000 000 kr, innvilget inntil 1 000 000 kr." in page
    assert "Vedtaket fordeler ikke beløpet på år. Dere fordeler det selv på årene i budsjettet." in page
    assert ("300 000 kr" in page, "700 000 kr" in page) == (False, False)
    old = {"requested": 9, "granted": 9, "by_year": [{"year": 2024, "amount": 4}, {"year": 2025, "amount": 5}]}
    body = render_to_string("letters/_decision_body.html", {"letter": {**letter.snapshot, "amounts": old}})
    assert ('<th scope="row">2025</th>' in body, "Vedtaket fordeler ikke" in body) == (True, False)


@pytest.mark.parametrize(
    ("adopted", "told"),
    [
        ("1. SSU sier ja.", "SSU sier ja."),
        ("1. SSU sier ja:\na) med vilkår", "SSU sier ja:\na) med vilkår"),
        ("1. SSU sier ja.\n2. Med vilkår.", "1. SSU sier ja.\n2. Med vilkår."),
    ],
)
def test_the_only_point_of_a_resolution_has_no_number_in_the_letter(letter, adopted, told):
    letter.decision.resolution.text = adopted
    content = letter_content.build(letter.decision, number="1", language="nb", on=local_date(NOW))
    assert content["resolution"] == told


def test_the_award_letter_says_what_was_decided_and_what_follows(letter):
    content = letter.snapshot
    assert content["heading"] == "Tilskudd til «Prosjekt 1» – rekrutterings- og samhandlingstilskudd 2024"
    assert content["recipient"] == {"name": "Tromsø kommune", "orgnr": "940101808"}
    assert content["copies"] == ["Universitetssykehuset Nord-Norge HF"]
    assert content["our_reference"] == "Sak 1/25"
    assert content["resolution"] == "SSU vedtar punkt 1."
    assert content["reason"] == "Utvalgets begrunnelse."
    assert content["amounts"] == {"requested": 1_000_000, "granted": 1_000_000, "years": [2024, 2025]}
    assert [section["heading"] for section in content["sections"]] == HEADINGS
    assert content["conditions"][-1] == "Rapporter hvert halvår."
    assert content["acceptance_date"] == "2025-03-03"
    assert letter.sha256 == digest(content)


def test_no_place_in_the_letter_is_left_unfilled(letter):
    assert "{" not in "".join(section["text"] for section in letter.snapshot["sections"])
    assert "{" not in letter.snapshot["introduction"]
    assert "{" not in letter.snapshot["complaint"]


def test_a_rejection_has_reasons_and_the_next_round_but_no_money(house):
    (made,) = decide_from_minutes(adopted(house, [("rejected", None)]).meeting, by=house.secretary, at=NOW)
    content = letters.prepare(made, by=house.secretary, at=NOW).snapshot
    assert content["amounts"] is None
    assert content["conditions"] == []
    assert content["acceptance_date"] is None
    assert [section["heading"] for section in content["sections"]] == ["Neste søknadsrunde"]


@pytest.mark.fault("B1")
def test_a_rejection_tells_the_points_of_each_criterion_and_an_award_does_not(house, sign_in):
    round_ = factories.round_of(factories.definition("troms-ofoten-2024"), at=NOW)
    application = assessments.sent(house, round_, NOW)
    turn = assessments.turn(round_, round_.spec.deciding_stage.code, house.community)
    for assessor, points in ((house.assessor, 2), (house.member, 3)):
        assessments.deliver(application, turn, assessor, NOW, points, by=house.secretary)
    Application.objects.update(status=Status.PRIORITISED)
    application.refresh_from_db()
    words = {"reason": "Uklare mål.", "body": house.ssu, "by": house.secretary, "at": NOW}
    made = decide(application, outcome="rejected", amount=None, **words)
    letter = letters.prepare(made, by=house.secretary, at=NOW)
    criteria = letter.snapshot["assessment"]["criteria"]
    assert [line["title"] for line in criteria] == [item.title for item in turn.judged]
    assert {(line["points"], line["of"]) for line in criteria} == {("2,5", "5")}
    page = sign_in(house.secretary).get(letter.get_absolute_url()).content.decode()
    for drawn in (page, text_of(services.render(letter.document))):
        assert ("Slik ble søknaden vurdert" in drawn, drawn.count("2,5")) == (True, len(criteria))
    made.outcome = "granted"
    assert letter_content.build(made, number="1", language="nb", on=local_date(NOW))["assessment"] is None


def test_the_pdf_is_made_from_the_snapshot_and_always_the_same(letter):
    first = services.render(letter.document)
    assert first == services.render(Letter.objects.get().document)
    text = text_of(first)
    assert "SSU vedtar punkt 1." in text
    assert "1\u00a0000\u00a0000\u00a0kr" in text.replace(" kr", "\u00a0kr") or "1 000 000 kr" in text
    reader = PdfReader(io.BytesIO(first))
    assert reader.trailer["/Root"]["/Lang"] == "nb"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_hostile_text_in_a_reason_is_text_in_the_letter(house, decision):
    decision.reason = '<img src="file:///etc/passwd"><script>alert(1)</script> {reason}'
    decision.save()
    text = text_of(services.render(letters.prepare(decision, by=house.secretary, at=NOW).document))
    assert "<script>alert(1)</script>" in text
    assert "root:" not in text


def test_a_draft_is_written_anew_until_it_is_approved(house, decision, letter):
    decision.reason = "En bedre begrunnelse."
    decision.save()
    again = letters.prepare(decision, by=house.secretary, at=NOW)
    assert (again.pk, again.number, again.snapshot["reason"]) == (letter.pk, letter.number, "En bedre begrunnelse.")
    assert list(Document.objects.filter(kind="letter").values_list("subject", "version", "sha256")) == [
        (letter.number, 1, letter.sha256),
        (letter.number, 2, again.sha256),
    ]
    approve(again, by=house.hospital_secretary)
    with pytest.raises(letters.LetterStateError):
        letters.prepare(decision, by=house.secretary, at=NOW)


def test_a_draft_that_says_the_same_is_the_same_document(house, decision, letter):
    letters.look(letter, by=house.hospital_secretary, at=NOW)
    again = letters.prepare(decision, by=house.secretary, at=NOW)
    assert again.document == letter.document
    letters.approve(again, by=house.hospital_secretary, at=NOW)


def test_only_the_letter_that_is_approved_gets_a_pdf(house, decision, letter):
    decision.reason = "En bedre begrunnelse."
    decision.save()
    again = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(again, by=house.hospital_secretary)
    run_all_due(NOW)
    with_pdf = Document.objects.filter(kind="letter", pdf__isnull=False)
    assert list(with_pdf.values_list("sha256", flat=True)) == [again.sha256] != [letter.sha256]


def test_approving_twice_is_refused_and_the_pdf_is_made_once(house, letter):
    same = Letter.objects.get(pk=letter.pk)
    approve(letter, by=house.hospital_secretary)
    with pytest.raises(letters.LetterStateError):
        approve(same, by=house.hospital_secretary)
    run_all_due(NOW)
    services.make_pdf(document_id=letter.document_id, at=NOW)
    assert StoredFile.objects.filter(name=f"Brev {letter.number}.pdf").count() == 1


def test_a_letter_is_sent_once_to_writer_and_contacts_with_the_pdf(house, letter, inbox):
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    with pytest.raises(letters.LetterStateError):
        letters.send(letter, by=house.secretary, at=NOW)
    run_all_due(NOW)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == [
        house.applicant.email,
        "kontakt-lead@example.org",
        "kontakt-partner@example.org",
    ]
    (received,) = inbox.to("kontakt-lead@example.org")
    (attached,) = received.iter_attachments()
    assert attached.get_filename() == f"Brev {letter.number}.pdf"
    assert attached.get_payload(decode=True).startswith(b"%PDF-")


def test_who_has_signed_gets_the_letter_and_who_has_left_gets_none(house, letter):
    """The director who must accept is told of the award, and not first by the reminder two weeks later."""
    application, day = letter.decision.application, local_date(NOW)
    lead = application.partners.get(role="lead")
    director = applications_world.signers(house)[lead.organisation_id]
    assert director.email not in letters.letter_receivers(application, day)
    signature = {"signed_by": director, "signatory_name": director.name, "signatory_title": "Direktør"}
    Signature.objects.create(partner=lead, **signature, agreement_date=day, signed_at=NOW, text_sha256="0" * 64)
    assert director.email in letters.letter_receivers(application, day)
    director.affiliations.update(to_date=day - timedelta(days=1))
    assert director.email not in letters.letter_receivers(application, day)


def test_the_applicants_page_begins_with_what_was_granted_and_until_when_to_answer(house, letter, sign_in):
    approve(letter, by=house.hospital_secretary)
    url = reverse("applications:sent", args=[letter.decision.application.code])
    before = sign_in(house.applicant).get(url).text
    assert 'class="next-step' not in before
    letters.send(letter, by=house.secretary, at=NOW)
    page = " ".join(sign_in(house.applicant).get(url).text.replace("\N{NO-BREAK SPACE}", " ").split())
    step = page.partition('class="next-step')[2].partition('id="letter-heading"')[0]
    granted = kroner(letter.decision.amount).replace("\N{NO-BREAK SPACE}", " ")
    assert f"{letter.decision.get_outcome_display()}: {granted}" in step
    assert "Se tilskuddet og svar" in step
    assert reverse("followup:project", args=[letter.decision.application.code]) in step
    # Those who handle it read the same page, and are led nowhere by it.
    assert "Se tilskuddet og svar" not in sign_in(house.secretary).get(url).text


def test_a_draft_cannot_be_sent(house, letter):
    with pytest.raises(letters.LetterStateError):
        letters.send(letter, by=house.secretary, at=NOW)
    assert not Message.objects.exists()


def test_a_letter_without_a_receiver_is_not_marked_as_sent(house, letter):
    Contact.objects.all().delete()
    approve(letter, by=house.hospital_secretary)
    with pytest.raises(letters.LetterError, match="verken kontaktperson som kan nås, eller postmottak"):
        letters.send(letter, by=house.secretary, at=NOW)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.APPROVED


def test_all_letters_come_in_one_zip_and_the_progress_is_true(house):
    world = adopted(house, [("granted", 10), ("rejected", None), ("postponed", None)])
    made = [
        letters.prepare(decision, by=house.secretary, at=NOW)
        for decision in decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    ]
    for letter in made:
        approve(letter, by=house.hospital_secretary)
    batch = letters.start_batch(world.round, made, by=house.secretary, at=NOW)
    assert (progress_of(batch).done, progress_of(batch).total) == (0, 3)
    run_all_due(NOW)
    batch.refresh_from_db()
    assert (progress_of(batch).done, progress_of(batch).is_over) == (3, True)
    with zipfile.ZipFile(io.BytesIO(batch.zip_file.read())) as archive:
        assert sorted(archive.namelist()) == sorted(f"Brev {letter.number}.pdf" for letter in made)


def test_a_letter_that_fails_is_named_and_stops_no_other(house):
    world = adopted(house, [("granted", 10), ("rejected", None)])
    good, bad = (
        letters.prepare(decision, by=house.secretary, at=NOW)
        for decision in decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    )
    documents.tamper(bad, kind="ukjent")
    batch = letters.start_batch(world.round, [good, bad], by=house.secretary, at=NOW)
    for hours in range(24):
        run_all_due(NOW + timedelta(hours=hours))
    progress = progress_of(batch)
    assert (progress.done, progress.failed) == (1, (bad.number,))


def test_an_empty_batch_is_refused(house):
    with pytest.raises(letters.LetterError, match="ingen godkjente brev"):
        letters.start_batch(adopted(house).round, [], by=house.secretary, at=NOW)


HEADINGS = [
    "Formål",
    "Utbetaling",
    "Rapportering",
    "Kontroll og innsyn",
    "Ubrukte midler og tilbakebetaling",
    "Offentlighet og synliggjøring",
    "Slik svarer dere",
]


@pytest.mark.parametrize(
    ("language", "known", "reason"), [("nn", "Formål", "Grunngiving"), ("en", "Purpose", "Reason")]
)
def test_a_letter_in_another_language_has_its_headings_in_it(language, known, reason, house, decision, sign_in):
    decision.application.language = language
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    with translation.override(language):
        expected = [gettext(heading) for heading in HEADINGS]
    assert [section["heading"] for section in letter.snapshot["sections"]] == expected
    text = text_of(services.render(letter.document))
    page = sign_in(house.secretary).get(letter.get_absolute_url()).content.decode()
    for drawn in (text, page.split('class="letter-preview')[1]):
        assert (known in drawn, reason in drawn, "Begrunnelse" in drawn) == (True, True, False)
