"""Signing the exact text: by whom, with which date, until when it holds."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Contact, Signature, SignatureMethod, SignatureRefusal
from applications.services import signing
from applications.services.signing import AgreementDateError, SigningError, StaleTextError
from portal.acts import act
from portal.clock import local_date
from portal.communities.models import Affiliation, Organisation
from portal.files.services import store_bytes
from portal.formats import deadline_no
from portal.jobs.services import run_all_due
from portal.journal import queries as journal
from portal.journal import sentences
from portal.mail.models import Message
from tests.applications import world

note_change = act(signing.note_change)

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(unsigned):
    """The lead's part in an application that nobody has signed."""
    return unsigned.partners.get(role="lead")


def valid(application):
    return Signature.objects.filter(partner__application=application, voided_at=None)


def acts(application):
    return [entry.act for entry in journal.entries_of(application)]


@pytest.mark.requirement("R73")
def test_signature_binds_the_text_the_person_and_the_time(house, unsigned, partner, at):
    signature = world.sign(house, partner, at)
    assert (
        signature.partner,
        signature.signed_by,
        signature.signatory_name,
        signature.signatory_title,
        signature.agreement_date,
        signature.signed_at,
        signature.method,
        signature.text_sha256,
    ) == (
        partner,
        house.signatory,
        "Siri Signatory",
        "Kommunedirektør",
        local_date(at),
        at,
        SignatureMethod.PORTAL,
        signing.content_sha(unsigned),
    )
    entry = journal.entries_of(unsigned).get()
    assert (entry.act, entry.actor, entry.data) == (
        "application.signed",
        house.signatory,
        {"partner": partner.pk, "name": partner.name, "method": "portal"},
    )
    assert sentences.sentence(entry) == f"{partner.name} signerte søknaden."
    entry.data = {"partner": partner.pk, "method": "portal"}
    assert sentences.sentence(entry) == "En partner signerte søknaden."


def test_signing_twice_is_one_signature(house, unsigned, partner, at):
    first = world.sign(house, partner, at)
    assert world.sign(house, partner, at + timedelta(minutes=1), by=house.recused_member) == first
    assert valid(unsigned).count() == 1


def test_paper_agreement_names_its_signatory_and_keeps_the_file(house, partner, at):
    document = store_bytes(b"%PDF-1.7", name="avtale.pdf", content_type="application/pdf", at=at)
    signature = world.sign(
        house, partner, at, by=house.applicant, name="Kommunedirektøren", title="Kommunedirektør", document=document
    )
    assert (signature.method, signature.signatory_name, signature.signed_by, signature.document) == (
        SignatureMethod.UPLOADED,
        "Kommunedirektøren",
        house.applicant,
        document,
    )


@pytest.mark.requirement("R108")
@pytest.mark.parametrize(("days", "is_refused"), [(-400, False), (-1, False), (0, False), (1, True)])
def test_agreement_date_must_not_be_in_the_future(house, unsigned, partner, at, days, is_refused):
    day = local_date(at) + timedelta(days=days)
    if is_refused:
        with pytest.raises(AgreementDateError) as refusal:
            world.sign(house, partner, at, agreement_date=day)
        assert str(refusal.value) == "«Dato for signert avtale» er 23.02.2025. Datoen kan ikke være fram i tid."
    else:
        world.sign(house, partner, at, agreement_date=day)
    assert valid(unsigned).count() == (not is_refused)


@pytest.mark.parametrize(
    ("day", "is_refused"), [(date(2025, 2, 28), False), (date(2025, 3, 1), False), (date(2025, 3, 2), True)]
)
def test_agreement_date_must_not_be_after_the_deadline(house, unsigned, northern, partner, day, is_refused):
    late = northern.closes_at + timedelta(days=2)
    if is_refused:
        with pytest.raises(AgreementDateError):
            world.sign(house, partner, late, agreement_date=day)
    else:
        world.sign(house, partner, late, agreement_date=day)
    assert valid(unsigned).count() == (not is_refused)


@pytest.mark.requirement("R108")
def test_real_date_of_document_001_is_refused(house, partner, at):
    """R108: «26.12.25», with the deadline on 1 March 2025."""
    with pytest.raises(AgreementDateError) as refusal:
        world.sign(house, partner, at, agreement_date=date(2025, 12, 26))
    assert str(refusal.value) == (
        "«Dato for signert avtale» er 26.12.2025, men fristen er 01.03.2025. Datoen kan ikke være etter fristen."
    )


def test_date_is_held_against_an_extended_deadline(house, unsigned, northern, partner):
    late = northern.closes_at + timedelta(days=2)
    Application.objects.update(extended_until=late + timedelta(days=2))
    partner.refresh_from_db()
    world.sign(house, partner, late, agreement_date=local_date(late))
    assert valid(unsigned).count() == 1


def test_text_that_changed_on_the_way_is_not_signed(house, unsigned, partner, at):
    seen = signing.content_sha(unsigned)
    world.set_answer(unsigned, "project-plan", "En annen plan")
    with pytest.raises(StaleTextError) as refusal:
        world.sign(house, partner, at, seen_sha256=seen)
    assert str(refusal.value) == "Teksten er endret siden du åpnet siden. Les den på nytt før du signerer."
    assert valid(unsigned).count() == 0


# --- when the text changes ---------------------------------------------------------------------------


def test_change_voids_every_signature_and_tells_each_signatory_once(application, at):
    world.set_answer(application, "project-plan", "En annen plan")
    later = at + timedelta(hours=1)
    assert note_change(application, at=at) == 3
    assert note_change(application, at=at) == 0
    assert (valid(application).count(), Message.objects.count()) == (3, 0)
    run_all_due(later)
    assert valid(application).count() == 0
    assert set(Signature.objects.values_list("voided_at", flat=True)) == {later}
    assert sorted(Message.objects.values_list("kind", "recipient")) == [
        ("signature_voided", "pia.signatory@example.org"),
        ("signature_voided", "siri.signatory@example.org"),
        ("signature_voided", "tor.signatory@example.org"),
    ]
    run_all_due(later + timedelta(hours=1))
    assert Message.objects.count() == 3
    assert acts(application)[3:] == ["application.signature_voided"] * 3


def test_new_phone_number_voids_nothing(application, at):
    Contact.objects.update(phone="99 99 99 99")
    assert note_change(application, at=at) == 0
    assert valid(application).count() == 3


def test_voided_partner_signs_again(house, application, at):
    world.set_answer(application, "project-plan", "En annen plan")
    note_change(application, at=at)
    signing.settle(application=application.pk, at=at)
    partner = application.partners.get(role="lead")
    again = world.sign(house, partner, at + timedelta(hours=1))
    assert list(valid(application)) == [again]
    assert partner.signatures.count() == 2


def test_nobody_has_signed_costs_one_query(unsigned, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        signing.note_change(unsigned, at=at)


# --- saying no ------------------------------------------------------------------------------------------


def test_refusal_goes_to_all_partners_with_its_reason(house, application, at):
    partner = application.partners.get(organisation=house.trust)
    signing.decline(partner, by=house.trust_signatory, reason="Egeninnsatsen er for høy.", at=at)
    assert list(valid(application).values_list("partner__organisation", flat=True)) == [house.lead.pk, house.partner.pk]
    messages = Message.objects.filter(kind="signature_declined")
    assert sorted(messages.values_list("recipient", flat=True)) == [
        "anne.applicant@example.org",
        "kontakt.kommune@example.org",
        "kontakt.partner@example.org",
        "kontakt.sykehus@example.org",
        "pia.signatory@example.org",
        "siri.signatory@example.org",
    ]
    assert "Egeninnsatsen er for høy." in messages[0].body_text
    assert "Egeninnsatsen er for høy." not in str(journal.entries_of(application).last().data)


def test_refusal_without_a_reason_is_not_taken(house, application, at):
    with pytest.raises(SigningError):
        signing.decline(application.partners.first(), by=house.signatory, reason=" ", at=at)
    assert valid(application).count() == 3


def test_refusal_is_lifted_by_another_text_and_by_signing(house, application, at):
    first, second = application.partners.order_by("position")[:2]
    for partner in (first, second):
        signing.decline(partner, by=house.signatory, reason="Nei", at=at)
    world.sign(house, first, at)
    assert SignatureRefusal.objects.filter(lifted_at=None).get().partner == second
    world.set_answer(application, "project-plan", "En annen plan")
    note_change(application, at=at)
    assert SignatureRefusal.objects.filter(lifted_at=None).count() == 1
    signing.settle(application=application.pk, at=at)
    assert SignatureRefusal.objects.filter(lifted_at=None).count() == 0


# --- asking ---------------------------------------------------------------------------------------------


def test_reminder_goes_to_those_who_may_sign_once_a_day(house, unsigned, applicant, at):
    world.sign(house, unsigned.partners.get(role="lead"), at)
    expected = ["pia.signatory@example.org", "tor.signatory@example.org"]
    assert sorted(signing.remind(unsigned, by=applicant, at=at)) == expected
    assert sorted(signing.remind(unsigned, by=applicant, at=at + timedelta(hours=2))) == expected
    assert sorted(Message.objects.values_list("recipient", flat=True)) == expected
    signing.remind(unsigned, by=applicant, at=at + timedelta(days=1))
    assert Message.objects.count() == 4


ASKED = """\
{name} ber deg signere søknaden «Hvor er samhandlingsrommet?» for Senja kommune. Det søkes om 450\u00a0000\u00a0kr.

Søknaden kan ikke sendes før alle har signert, og fristen er {due}.

Les og signer:
"""


def test_the_mail_says_who_asks_for_what_and_until_when(house, unsigned, applicant, at):
    signing.remind(unsigned, by=applicant, at=at)
    text = Message.objects.get(recipient="pia.signatory@example.org").body_text
    assert text.startswith(ASKED.format(name=applicant.name, due=deadline_no(unsigned.due_at)))


VOIDED = """\
Dere signerte søknaden «Hvor er samhandlingsrommet?» for Tromsø kommune 22.02.2025 kl.\u00a019.00. Etter det er \
teksten endret. Signaturen gjelder derfor ikke lenger.

Les søknaden på nytt og signer igjen, eller skriv hvorfor dere ikke vil.

Les og signer på nytt:
{url}
"""


def test_mail_to_a_signatory_whose_text_changed(application, at, settings):
    world.set_answer(application, "project-plan", "En annen plan")
    note_change(application, at=at)
    signing.settle(application=application.pk, at=at)
    message = Message.objects.get(recipient="siri.signatory@example.org")
    url = f"{settings.SITE_URL}/applications/{application.code}/signatures/"
    assert message.title == "«Hvor er samhandlingsrommet?»: teksten er endret etter at dere signerte"
    assert message.body_text.split("\n-- \n")[0] == VOIDED.format(url=url)
    assert f'href="{url}"' in message.body_html


# --- not before the text is finished, or asked for --------------------------------------------------------


@pytest.fixture
def unfinished(house, unsigned, partner):
    """The lead's part in an application in which a contact is missing; nobody has asked for signatures."""
    Contact.objects.filter(partner__application=unsigned).delete()
    return partner


def signing_of(partner):
    return Application.objects.values_list("signing_locked_at", "signing_asked_at").get(pk=partner.application_id)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("page", ["sign", "sign_paper"])
def test_nobody_locks_an_unfinished_text_that_they_were_not_asked_to_sign(page, house, unfinished, at, sign_in):
    said = "Søknaden er ikke ferdig. Dere kan signere når alle svar er på plass"
    words = {"by": house.signatory, "agreement_date": local_date(at), "title": "Kommunedirektør", "at": at}
    with pytest.raises(SigningError, match=said):
        signing.sign(unfinished, **words)
    code = unfinished.application.code
    address = reverse(f"applications:{page}", args=[code, unfinished.pk])
    shown = sign_in(house.signatory).get(address).content.decode()
    assert (said in shown, 'name="agreement_date"' in shown) == (True, False)
    roster = sign_in(house.signatory).get(reverse("applications:signatures", args=[code])).content.decode()
    assert address not in roster
    assert "Partnerne kan signere når teksten er ferdig, eller når dere ber dem om det." in roster
    assert signing_of(unfinished) == (None, None)
    assert not Signature.objects.exists()


@pytest.mark.usefixtures("clock")
def test_whom_the_writers_ask_signs_an_unfinished_text(house, unfinished, at, sign_in):
    signing.remind(unfinished.application, by=house.applicant, at=at)
    application = unfinished.application
    page = sign_in(house.signatory).get(reverse("applications:signatures", args=[application.code]))
    assert reverse("applications:sign", args=[application.code, unfinished.pk]) in page.content.decode()
    sign_page = sign_in(house.signatory).get(reverse("applications:sign", args=[application.code, unfinished.pk]))
    assert "Søknaden er ikke ferdig. To svar mangler. Når de fylles ut, må du signere på nytt." in sign_page.text
    assert f'<h1 class="ds-heading">Signer «{application.title}» for {unfinished.name}</h1>' in sign_page.text
    words = {"by": house.signatory, "agreement_date": local_date(at), "title": "Kommunedirektør", "at": at}
    assert signing.sign(unfinished, **words).voided_at is None


@pytest.mark.usefixtures("clock")
def test_what_somebody_writes_when_the_text_is_locked_is_shown_and_kept(house, unsigned, at, sign_in):
    signing.remind(unsigned, by=house.applicant, at=at)
    client = sign_in(house.applicant)
    section = next(
        part for part in unsigned.round.spec.sections for one in part.questions if one.code == "project-plan"
    )
    address = reverse("applications:section", args=[unsigned.code, section.code])
    answer = client.post(address, {"project-plan": "De siste ordene mine."})
    assert (answer.status_code, "De siste ordene mine." in answer.content.decode()) == (403, True)
    assert "De siste ordene mine." in client.get(address).content.decode()


@pytest.mark.usefixtures("clock")
def test_a_locked_part_is_read_as_text(house, unsigned, at, sign_in):
    signing.remind(unsigned, by=house.applicant, at=at)
    client = sign_in(house.applicant)
    for section in unsigned.round.spec.sections:
        page = client.get(reverse("applications:section", args=[unsigned.code, section.code])).text
        assert not re.search(r'<(textarea|select|fieldset)|<input (?!type="hidden")', page), section.code
    plan = client.get(reverse("applications:section", args=[unsigned.code, "plan"])).text
    assert "Prosjektet skal finne og utvikle en modell" in plan
    assert f'lang="{unsigned.round.language}"' in plan or unsigned.round.language == "nb"
    partner = unsigned.partners.get(role="lead")
    contacts = client.get(reverse("applications:partner", args=[unsigned.code, partner.pk])).text
    assert "Kontakt Kommune, Rådgiver · kontakt.kommune@example.org" in " ".join(contacts.split())
    assert "<fieldset" not in contacts
    budget = client.get(reverse("applications:budget", args=[unsigned.code])).text
    assert not re.search(r'<textarea|<input type="(text|radio)', budget)


def test_when_the_last_has_signed_those_who_send_it_are_told_once(house, unsigned, at):
    *first, last = unsigned.partners.order_by("position")
    for partner in first:
        world.sign(house, partner, at)
    told = Message.objects.filter(kind="all_signed")
    assert not told.exists()
    world.sign(house, last, at)
    world.sign(house, last, at)
    # Who began it, and the contact of the lead; the other partners have nothing more to do.
    assert sorted(told.values_list("recipient", flat=True)) == [
        "anne.applicant@example.org",
        "kontakt.kommune@example.org",
    ]
    mail = told.first()
    assert mail.title == f"«{unsigned.title}»: alle har signert"
    assert f"Kontroller svarene, og send søknaden innen {deadline_no(unsigned.due_at)}." in mail.body_text


def test_who_has_left_is_not_told_that_all_have_signed(house, unsigned, at):
    """The contact of the lead has left, and who began it too: then it goes to the lead's own address."""
    contact = Contact.objects.filter(partner__application=unsigned, partner__role="lead")
    contact.update(email=house.signatory.email)
    gone = [house.signatory, house.applicant]
    Affiliation.objects.filter(user__in=gone).update(to_date=local_date(at) - timedelta(days=1))
    Organisation.objects.filter(pk=house.lead.pk).update(email="post@lead.example.org")
    for partner in unsigned.partners.order_by("position"):
        signing.sign(partner, by=house.co_applicant, agreement_date=local_date(at), title="Leder", at=at)
    told = Message.objects.filter(kind="all_signed")
    assert list(told.values_list("recipient", flat=True)) == ["post@lead.example.org"]


def test_who_sends_is_told_again_when_one_that_said_no_has_signed(house, unsigned, at):
    """The last they heard was the no: the text is the same, and so was the key of the mail."""
    world.sign_all(house, unsigned, at)
    last = unsigned.partners.order_by("position").last()
    told = Message.objects.filter(kind="all_signed", recipient="anne.applicant@example.org")
    assert told.count() == 1
    signing.decline(last, by=house.applicant, reason="Vi har ikke penger.", at=at)
    world.sign(house, last, at)
    assert told.count() == 2
