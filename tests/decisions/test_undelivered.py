"""B7: a letter that did not arrive is told of where it is shown, and sent to another address."""

import pytest
from django.urls import reverse

from applications.models import Contact, Partner
from applications.queries import looked_after
from evaluation.decisions.queries import letters_looked_after
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.communities.models import Organisation
from portal.communities.queries import standing_at
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.mail import queries
from portal.mail.models import Message
from tests.decisions.test_reviewing import recuse
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B7"), pytest.mark.usefixtures("frozen_clock")]
BAD, GOOD = "kontakt-partner@example.org", "rett.adresse@example.org"


@worlds.world
def letter(house):
    """An approved letter to two contacts and two post addresses."""
    (made,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    written = letters.prepare(made, by=house.secretary, at=NOW)
    approve(written, by=house.hospital_secretary)
    partners = Partner.objects.filter(application=made.application).order_by("position")
    for partner, name in zip(partners, ("lead", "partner"), strict=True):
        Organisation.objects.filter(pk=partner.organisation_id).update(email=f"Post-{name}@example.org")
    return written


def sent(house, letter):
    letters.send(letter, by=house.secretary, at=NOW)
    run_all_due(NOW)


def overview(letter):
    return reverse("decisions:overview", args=[letter.decision.application.round.code])


def test_b7_a_letter_goes_to_the_contacts_and_to_the_organisations_own_addresses(house, letter, inbox):
    sent(house, letter)
    assert sorted(mail["To"] for mail in inbox.messages) == [
        house.applicant.email,
        "kontakt-lead@example.org",
        "kontakt-partner@example.org",
        "post-lead@example.org",
        "post-partner@example.org",
    ]


def test_b7_an_organisation_without_contacts_gets_the_letter_all_the_same(house, letter, inbox):
    Contact.objects.all().delete()
    sent(house, letter)
    by_post = ["post-lead@example.org", "post-partner@example.org"]
    assert sorted(mail["To"] for mail in inbox.messages) == [house.applicant.email, *by_post]


def test_b7_a_letter_that_one_did_not_get_is_not_told_as_sent_to_all(house, letter, inbox, sign_in):
    inbox.unknown = {BAD}
    sent(house, letter)
    client = sign_in(house.secretary)
    page = client.get(letter.get_absolute_url()).content.decode()
    (message,) = Message.objects.filter(failed_at__isnull=False)
    assert f"Ikke levert til {BAD}." in page
    assert "E-posttjeneren der sier at adressen ikke tar imot e-post (550)." in page
    assert "Mottakere: 5" in page
    assert reverse("portal:send_again", args=[message.pk]) in page
    assert "Ikke levert til 1 av 5" in client.get(overview(letter)).content.decode()
    front = client.get(reverse("portal:home")).content.decode()
    assert "1 melding kom ikke fram" in front
    assert f"til {BAD}" in front


def test_b7_it_is_sent_again_to_another_address_with_the_pdf_and_logged(house, letter, inbox, sign_in):
    inbox.unknown = {BAD}
    sent(house, letter)
    message = Message.objects.get(failed_at__isnull=False)
    client = sign_in(house.secretary)
    answer = client.post(reverse("portal:send_again", args=[message.pk]), {"to": GOOD}, follow=True)
    assert f"Meldingen sendes på nytt til {GOOD}." in answer.content.decode()
    inbox.messages.clear()
    run_all_due(NOW)
    (mail,) = inbox.to(GOOD)
    assert [part.get_filename() for part in mail.iter_attachments()] == [f"Brev {letter.number}.pdf"]
    page = client.get(letter.get_absolute_url()).content.decode()
    assert ("Ikke levert til" in page, GOOD in page, "Sendt på nytt" in page) == (False, True, True)
    assert "Ikke levert til" not in client.get(overview(letter)).content.decode()
    entry = LogEntry.objects.get(act="mail.sent_again")
    assert (entry.subject_type, entry.community_code) == ("applications.application", house.community.code)
    assert entry.data == {"message": message.pk, "kind": "decision_letter", "is_new_address": True}


def test_b7_who_is_out_of_the_case_is_neither_told_nor_sends_it_again(house, letter, inbox, sign_in):
    inbox.unknown = {BAD}
    sent(house, letter)
    message = Message.objects.get(failed_at__isnull=False)
    recuse(house, letter.decision.application)
    assert queries.undelivered(standing_at(house.secretary, NOW)) == []
    page = reverse("portal:send_again", args=[message.pk])
    assert sign_in(house.secretary).post(page, {"to": GOOD}).status_code == 404
    assert len(queries.undelivered(standing_at(house.hospital_secretary, NOW))) == 1


def test_b7_who_must_answer_about_habilitet_first_looks_after_no_mail_of_the_case(house, letter):
    application, standing = letter.decision.application, standing_at(house.secretary, NOW)
    read = (looked_after, letters_looked_after)
    assert [list(of(standing)) for of in read] == [[application], [letter]]
    Contact.objects.filter(partner__application=application).update(email=house.secretary.email)
    assert [list(of(standing)) for of in read] == [[], []]


def test_b7_the_applicants_do_not_see_whose_address_failed(house, letter, inbox, sign_in):
    inbox.unknown = {BAD}
    sent(house, letter)
    assert BAD not in sign_in(house.applicant).get(letter.get_absolute_url()).content.decode()


@pytest.mark.parametrize("address", ["", "ingen adresse", "a@b@c"])
def test_b7_an_address_that_is_none_is_asked_for_again(address, house, letter, inbox, sign_in):
    inbox.unknown = {BAD}
    sent(house, letter)
    message = Message.objects.get(failed_at__isnull=False)
    answer = sign_in(house.secretary).post(reverse("portal:send_again", args=[message.pk]), {"to": address})
    assert (answer.status_code, Message.objects.count()) == (422, 5)


@pytest.mark.fault("D7")
def test_d7_a_letter_that_is_too_large_for_mail_stays_in_the_portal_and_the_mail_says_so(
    house, letter, inbox, settings
):
    settings.MAIL_FILES_MOST = 1
    sent(house, letter)
    assert len(inbox.messages) == 5
    assert [list(mail.iter_attachments()) for mail in inbox.messages] == [[]] * 5
    text = Message.objects.filter(kind="decision_letter").first().body_text
    assert "Brevet er for stort til å ligge ved, og ligger i portalen." in text
    assert f"/applications/{letter.decision.application.code}/" in text
