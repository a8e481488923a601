"""The pages from a whole draft to the receipt: check, signatures, sending, taking back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import waiting
from applications.models import Application, Signature, SignatureRefusal, Submission
from applications.services import correcting, signing, submitting
from applications.workflow import Status
from portal.clock import local_date
from portal.communities.queries import standing_on
from portal.jobs.services import run_all_due
from portal.journal import queries as journal
from portal.mail.models import Message
from tests import factories
from tests.applications import world
from tests.portal import made_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
AGREEMENT = made_files.pdf(title="Avtale")


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def fresh(application):
    return Application.objects.get(pk=application.pk)


# person × page → status; every page of a draft that this half of the room has
NAMES = ("check", "signatures", "withdraw", "receipt", "sent", "sign", "sign_paper")
PAGES = {
    "applicant": (200, 200, 200, 302, 302, 403, 200),
    "co_applicant": (200, 200, 403, 302, 302, 403, 403),
    "signatory": (200, 200, 200, 302, 302, 200, 200),
    "stranger": (404,) * 7,
    "secretary": (404,) * 7,
    "nobody": (404,) * 7,
}


@pytest.mark.parametrize("person", PAGES)
def test_draft_is_open_to_its_writers_alone(house, unsigned, sign_in, person):
    client = sign_in(getattr(house, person))
    lead = unsigned.partners.get(role="lead")
    more = {"sign": [lead.pk], "sign_paper": [lead.pk]}
    answers = [client.get(url(name, unsigned, *more.get(name, ()))).status_code for name in NAMES]
    assert tuple(answers) == PAGES[person]


def test_sending_refuses_to_be_read(unsigned, applicant, sign_in):
    assert sign_in(applicant).get(url("submit", unsigned)).status_code == 405


# --- check -------------------------------------------------------------------------------------------


def test_check_page_lists_problems_with_links_that_return(unsigned, applicant, sign_in):
    world.set_answer(unsigned, "project-plan", "")
    page = sign_in(applicant).get(url("check", unsigned))
    text = page.content.decode()
    assert f'href="{url("section", unsigned, "plan")}?return=check#id_project-plan"' in text
    assert page.context["missing"][0][1][0].text == "Fyll ut «Prosjektplan, inkludert evalueringspunkter»."
    assert "Søknaden er ikke sendt ennå" in text
    # By part, the signatures in one line, and no red before somebody has tried to send.
    assert [(title, len(items)) for title, items in page.context["missing"]] == [
        ("Plan og involvering", 1),
        ("Signaturer", 1),
    ]
    assert page.context["heading"] == "Ett svar og tre signaturer mangler før dere kan sende"
    step = page.context["step"]
    assert (step.title, step.text) == ("Begynn med «Plan og involvering»", "Ett svar mangler i denne delen.")
    assert step.url == f"{url('section', unsigned, 'plan')}?return=check#id_project-plan"
    type(unsigned).objects.filter(pk=unsigned.pk).update(signing_locked_at=unsigned.created_at)
    assert sign_in(applicant).get(url("check", unsigned)).context["step"].title == "Åpne teksten og gjør den ferdig"
    assert "data-error-summary" not in text
    # What is missing is what the page is for: the answers are folded, each part with how much it lacks.
    states = {section.title: section.state for section in page.context["view"].sections}
    assert (states["Plan og involvering"], states["Beskrivelse"]) == ("Ett svar mangler", "Ingenting mangler")
    assert text.count('<details class="fold"') == len(states)


def test_a_whole_application_is_read_before_it_is_sent(application, applicant, sign_in):
    page = sign_in(applicant).get(url("check", application))
    assert not page.context["view"].is_folded
    assert '<details class="fold"' not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_check_page_takes_the_same_queries_for_one_and_three_rows(
    unsigned, applicant, sign_in, rows, django_assert_num_queries
):
    for _row in range(rows - 1):
        world.add_benefit(unsigned)
    client = sign_in(applicant)
    with django_assert_num_queries(12):
        client.get(url("check", unsigned))


# --- sending -------------------------------------------------------------------------------------------


def test_sending_leads_to_the_receipt(application, applicant, sign_in):
    client = sign_in(applicant)
    answer = client.post(url("submit", application))
    assert (answer.status_code, answer["Location"]) == (302, url("receipt", application))
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert fresh(application).receipt in text
    assert Submission.objects.get().sha256 in text
    assert "PDF-en lages. Det tar noen sekunder." in text
    # Said once, and the page does not send the reader to itself.
    assert (text.count("Søknaden er sendt"), "På kvitteringssiden" in text) == (1, False)


def test_sending_twice_gives_the_same_receipt(application, applicant, sign_in):
    client = sign_in(applicant)
    for _press in range(2):
        assert client.post(url("submit", application))["Location"] == url("receipt", application)
    assert Submission.objects.count() == 1


def test_incomplete_application_comes_back_with_its_problems(unsigned, applicant, sign_in):
    answer = sign_in(applicant).post(url("submit", unsigned))
    assert answer.status_code == 422
    assert "Søknaden er ikke sendt. Tre signaturer mangler." in answer.content.decode()
    # The same count as the heading, and the same list as before the press.
    assert answer.context["heading"] == "Tre signaturer mangler før dere kan sende"
    assert [title for title, _items in answer.context["missing"]] == ["Signaturer"]
    assert fresh(unsigned).status == Status.DRAFT


def test_late_application_is_told_so_and_kept(application, applicant, sign_in, clock, northern):
    clock.move_to(northern.closes_at)
    answer = sign_in(applicant).post(url("submit", application), follow=True)
    assert "Fristen gikk ut 01.03.2025" in answer.content.decode()
    assert (answer.status_code, fresh(application).status) == (200, Status.DRAFT)


def test_withdrawn_application_is_not_sent(application, applicant, co_applicant, sign_in, at):
    submitting.withdraw(fresh(application), by=co_applicant, at=at)
    answer = sign_in(applicant).post(url("submit", application), follow=True)
    assert answer.status_code == 200
    assert "«Send søknaden» går ikke nå. Søknaden har status «Trukket»." in answer.content.decode()


def test_taking_back_asks_first(application, applicant, sign_in):
    client = sign_in(applicant)
    assert (
        "Vil dere kaste utkastet «Hvor er samhandlingsrommet?»?"
        in client.get(url("withdraw", application)).content.decode()
    )
    assert fresh(application).status == Status.DRAFT
    client.post(url("withdraw", application))
    assert fresh(application).status == Status.WITHDRAWN


# --- signing --------------------------------------------------------------------------------------------


def signing_form(application, at, **fields):
    return {
        "seen": signing.content_sha(application),
        "title": "Kommunedirektør",
        "agreement_date": f"{local_date(at)}",
        **fields,
    }


def test_signatory_reads_and_signs(unsigned, signatory, sign_in, at):
    partner = unsigned.partners.get(role="lead")
    client = sign_in(signatory)
    assert (
        "Prosjektet skal finne og utvikle en modell" in client.get(url("sign", unsigned, partner.pk)).content.decode()
    )
    answer = client.post(url("sign", unsigned, partner.pk), signing_form(unsigned, at))
    assert answer["Location"] == url("signatures", unsigned)
    assert Signature.objects.get().partner == partner


@pytest.mark.parametrize("is_attached", [True, False])
def test_the_date_of_an_agreement_is_asked_for_when_one_is_attached(unsigned, signatory, sign_in, at, is_attached):
    if not is_attached:
        unsigned.attachments.filter(kind="agreement").delete()
    page = url("sign", unsigned, unsigned.partners.get(role="lead").pk)
    client = sign_in(signatory)
    assert ('name="agreement_date"' in client.get(page).text) == is_attached
    form = signing_form(unsigned, at)
    if not is_attached:
        del form["agreement_date"]
    assert client.post(page, form).status_code == 302
    assert Signature.objects.get().agreement_date == local_date(at)


def test_signatory_can_open_every_attachment_that_is_signed(unsigned, signatory, sign_in):
    client = sign_in(signatory)
    text = client.get(url("sign", unsigned, unsigned.partners.get(role="lead").pk)).content.decode()
    numbers = list(unsigned.attachments.values_list("number", flat=True))
    assert numbers == [1, 2]
    for number in numbers:
        assert f'href="{url("attachment", unsigned, number)}"' in text
        assert client.get(url("attachment", unsigned, number)).getvalue()


@pytest.mark.parametrize("person", ["applicant", "co_applicant", "fsu_leader"])
def test_person_without_authority_may_not_sign(house, unsigned, sign_in, at, person):
    Application.objects.update(owner_body=house.fsu)
    partner = unsigned.partners.get(role="lead")
    answer = sign_in(getattr(house, person)).post(url("sign", unsigned, partner.pk), signing_form(unsigned, at))
    assert answer.status_code == 403
    assert "Bare en person med fullmakt til å signere for Tromsø kommune, kan signere." in answer.content.decode()
    assert Signature.objects.count() == 0


def test_signatory_of_another_partner_may_not_sign(house, unsigned, sign_in, at):
    partner = unsigned.partners.get(organisation=house.trust)
    assert (
        sign_in(house.signatory).post(url("sign", unsigned, partner.pk), signing_form(unsigned, at)).status_code == 403
    )


def test_partner_of_another_application_is_not_found(house, northern, unsigned, signatory, sign_in):
    other = world.draft(house, northern)
    assert sign_in(signatory).get(url("sign", unsigned, other.partners.first().pk)).status_code == 404


def test_text_that_changed_on_the_way_is_shown_again(unsigned, signatory, sign_in, at):
    form = signing_form(unsigned, at)
    world.set_answer(unsigned, "project-plan", "En annen plan")
    partner = unsigned.partners.get(role="lead")
    answer = sign_in(signatory).post(url("sign", unsigned, partner.pk), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Teksten er endret siden du åpnet siden." in text
    assert f'value="{signing.content_sha(unsigned)}"' in text


def test_agreement_on_paper_with_a_date_after_the_deadline_is_refused(unsigned, applicant, sign_in, at):
    """R108."""
    partner = unsigned.partners.get(role="lead")
    form = signing_form(unsigned, at, name="Kommunedirektøren", agreement_date="26.12.25")
    form["document"] = SimpleUploadedFile("avtale.pdf", AGREEMENT)
    client = sign_in(applicant)
    answer = client.post(url("sign_paper", unsigned, partner.pk), form)
    assert answer.status_code == 422
    assert "er 26.12.2025, men fristen er 01.03.2025." in answer.content.decode()
    form |= {"agreement_date": "25.01.25", "document": SimpleUploadedFile("avtale.pdf", AGREEMENT)}
    assert client.post(url("sign_paper", unsigned, partner.pk), form).status_code == 302
    signature = Signature.objects.get()
    assert (signature.method, signature.signatory_name) == ("uploaded", "Kommunedirektøren")
    entry = journal.entries_of(unsigned).last()
    assert (entry.act, entry.actor, entry.data["partner"]) == ("application.agreement_uploaded", applicant, partner.pk)
    assert "Lastet opp av Anne Applicant." in client.get(url("signatures", unsigned)).content.decode()
    assert client.get(url("agreement", unsigned, signature.pk)).getvalue() == AGREEMENT


def test_agreement_must_be_a_pdf(unsigned, applicant, sign_in, at):
    partner = unsigned.partners.get(role="lead")
    form = signing_form(unsigned, at, name="Kommunedirektøren")
    form["document"] = SimpleUploadedFile("avtale.pdf", b"<html>")
    answer = sign_in(applicant).post(url("sign_paper", unsigned, partner.pk), form)
    assert (answer.status_code, Signature.objects.count()) == (422, 0)


def test_saying_no_gives_the_reason_to_all(unsigned, signatory, sign_in):
    partner = unsigned.partners.get(role="lead")
    client = sign_in(signatory)
    assert client.post(url("sign_decline", unsigned, partner.pk), {"reason": ""}).status_code == 422
    client.post(url("sign_decline", unsigned, partner.pk), {"reason": "For lite egeninnsats."})
    assert SignatureRefusal.objects.get().reason == "For lite egeninnsats."
    assert "For lite egeninnsats." in client.get(url("signatures", unsigned)).content.decode()


def test_reminder_says_how_many_were_asked(unsigned, applicant, sign_in):
    answer = sign_in(applicant).post(url("signatures_remind", unsigned), follow=True)
    assert "Fire personer har fått e-post om å signere." in answer.content.decode()
    assert Message.objects.filter(kind="signature_reminder").count() == 4


@pytest.mark.fault("B7")
@pytest.mark.fault("C16")
def test_the_roster_says_who_was_not_reached_and_asks_a_person_once_for_several_partners(
    house, unsigned, applicant, signatory, sign_in, inbox, at
):
    factories.affiliation(signatory, house.partner, may_sign=True)
    inbox.unknown = {house.trust_signatory.email}
    client = sign_in(applicant)
    client.post(url("signatures_remind", unsigned))
    run_all_due(at)
    page = client.get(url("signatures", unsigned)).content.decode()
    assert f"Ikke levert til {house.trust_signatory.email}." in page
    (mail,) = inbox.to(signatory.email)
    assert "for Tromsø kommune og Senja kommune." in mail.get_body(("plain",)).get_content()


def test_roster_does_not_ask_anybody_to_wait_for_what_the_signatures_settle(unsigned, applicant, sign_in):
    client = sign_in(applicant)
    unsigned.attachments.filter(kind="agreement").delete()
    problems = [item.sentence for item in client.get(url("check", unsigned)).context["report"].problems]
    assert "Legg ved «Signert avtale om felles søknad», eller la alle partnerne signere i portalen." in problems
    assert client.get(url("signatures", unsigned)).context["page"].step.title == "Be partnerne om å signere"
    world.set_answer(unsigned, "project-plan", "")
    page = client.get(url("signatures", unsigned))
    assert page.context["page"].step.title == "Gjør teksten ferdig først"
    assert (
        "Ett svar mangler. Partnerne kan signere når teksten er ferdig, eller når dere ber dem om det."
        in page.content.decode()
    )


def test_roster_takes_twelve_queries_whether_all_or_nobody_has_signed(
    house, unsigned, applicant, sign_in, at, django_assert_num_queries
):
    client = sign_in(applicant)
    with django_assert_num_queries(12):
        client.get(url("signatures", unsigned))
    world.sign_all(house, unsigned, at)
    with django_assert_num_queries(12):
        client.get(url("signatures", unsigned))


def test_nothing_can_be_signed_after_the_deadline(unsigned, signatory, sign_in, clock, northern, at):
    clock.move_to(northern.closes_at + timedelta(seconds=1))
    partner = unsigned.partners.get(role="lead")
    answer = sign_in(signatory).post(url("sign", unsigned, partner.pk), signing_form(unsigned, at))
    assert (answer.status_code, Signature.objects.count()) == (403, 0)


def test_change_from_the_check_page_returns_to_it(unsigned, applicant, sign_in):
    address = url("section", unsigned, "plan") + "?return=check"
    client = sign_in(applicant)
    assert "Lagre og gå tilbake til kontrollen" in client.get(address).content.decode()


def test_signing_waits_until_those_who_write_ask_for_it(house, unsigned, signatory, applicant, sign_in, at):
    assert waiting.signatures(signatory, at) == []
    client = sign_in(applicant)
    assert "Be partnerne om å signere" in client.get(url("signatures", unsigned)).content.decode()
    client.post(url("signatures_remind", unsigned))
    assert len(waiting.signatures(signatory, at)) == 1
    assert fresh(unsigned).signing_asked_at == at
    assert "fikk e-post i dag" in client.get(url("signatures", unsigned)).content.decode()
    signing.remind(fresh(unsigned), by=applicant, at=at + timedelta(days=1))
    assert fresh(unsigned).signing_asked_at == at


def test_when_one_has_signed_the_others_are_asked(house, unsigned, signatory, at):
    world.sign(house, unsigned.partners.get(organisation=house.trust), at)
    assert len(waiting.signatures(signatory, at)) == 1


def test_home_page_tells_the_signatory_what_waits(unsigned, signatory, applicant, at, django_assert_num_queries):
    signing.remind(unsigned, by=applicant, at=at)
    standing_on(signatory, local_date(at))
    with django_assert_num_queries(1):
        tasks = waiting.signatures(signatory, at)
    lead = unsigned.partners.get(role="lead")
    assert [(task.title, task.url, task.due_at) for task in tasks] == [
        ("Signer «Hvor er samhandlingsrommet?» for Tromsø kommune", url("sign", unsigned, lead.pk), unsigned.closes_at)
    ]
    assert waiting.signatures(signatory, unsigned.closes_at) == []


def test_a_correction_waits_for_the_signatory_and_the_writer_until_the_date_asked_for(
    unsigned, signatory, applicant, secretary, at
):
    Application.objects.filter(pk=unsigned.pk).update(status=Status.SUBMITTED, submitted_at=at)
    unsigned.refresh_from_db()
    Application.objects.update(signing_asked_at=at)
    due = unsigned.closes_at + timedelta(days=9)
    correcting.request_correction(unsigned, ["description"], "Mål mangler.", due, by=secretary, at=at)
    later = unsigned.closes_at + timedelta(days=1)
    assert [task.due_at for task in waiting.signatures(signatory, later)] == [due]
    assert [task.due_at for task in waiting.open_drafts(applicant, later)] == [due]


def test_signed_application_waits_for_nobody(application, signatory, nobody, at):
    assert waiting.signatures(signatory, at) == []
    assert waiting.signatures(nobody, at) == []


def test_the_page_that_is_signed_speaks_to_one_person_and_says_at_a_glance_what(unsigned, signatory, sign_in):
    partner = unsigned.partners.get(role="lead")
    unsigned.budget_lines.filter(source="own").delete()
    client = sign_in(signatory)
    answer = client.get(url("sign", unsigned, partner.pk))
    assert "Vi lagrer navnet ditt (Siri Signatory), stillingen din" in " ".join(answer.text.split())
    # The text is there in whole, folded by part.
    assert answer.context["view"].is_folded
    facts = dict(answer.context["facts"])
    assert facts["Søknadsbeløp"].startswith("450\u00a0000")
    assert facts["Tromsø kommune bidrar med"] == "0\u00a0kr"


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({"cash": 1000}, "1\u00a0000\u00a0kr"),
        ({"in_kind": 1000}, "1\u00a0000\u00a0kr i arbeidstid og annet"),
        ({"cash": 500, "in_kind": 1000}, "1\u00a0500\u00a0kr, av dette 1\u00a0000\u00a0kr i arbeidstid og annet"),
    ],
)
def test_one_who_signs_reads_what_the_partner_pays(unsigned, signatory, sign_in, amounts, said):
    partner = unsigned.partners.get(role="lead")
    unsigned.budget_lines.filter(source="own").delete()
    for form, amount in amounts.items():
        unsigned.budget_lines.create(
            year=2025, cost_type="travel", source="own", payer=partner, form=form, amount=amount
        )
    facts = dict(sign_in(signatory).get(url("sign", unsigned, partner.pk)).context["facts"])
    assert facts["Tromsø kommune bidrar med"] == said


def test_without_a_budget_nothing_is_said_of_what_a_partner_pays(unsigned, signatory, sign_in):
    unsigned.budget_lines.all().delete()
    page = sign_in(signatory).get(url("sign", unsigned, unsigned.partners.get(role="lead").pk))
    assert "Tromsø kommune bidrar med" not in dict(page.context["facts"])
