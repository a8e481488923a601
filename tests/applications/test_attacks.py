"""What somebody tries who may read an application, or handle it, but not do this."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.forms.partners import ContactForm
from applications.forms.rows import posted_rows
from applications.models import Application, Contact, PartnerRole, Signature
from applications.services import signing, submitting
from applications.services.drafts import ApplicationOwner
from applications.snapshot import content_sha
from applications.views import parts
from applications.views.reading import row_saved
from applications.workflow import Status
from evaluation.assessment.services import declaring
from portal.clock import local_date
from portal.files.models import StoredFile
from portal.mail.models import Message
from tests.habilitet import decide_about
from tests.logged import record
from tests.portal import made_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def test_supporter_who_reads_the_draft_cannot_send_it(house, application, stranger, sign_in):
    application.partners.create(organisation=house.far_municipality, role=PartnerRole.SUPPORTER, position=9)
    client = sign_in(stranger)
    assert client.get(url("check", application)).status_code == 200
    assert client.post(url("submit", application)).status_code == 403
    assert status_of(application) == Status.DRAFT


def paper(application, at):
    document = SimpleUploadedFile("avtale.pdf", made_files.pdf())
    words = {"name": "Direktør", "title": "Direktør", "agreement_date": f"{local_date(at):%d.%m.%Y}"}
    return {**words, "document": document, "seen": content_sha(application)}


@pytest.mark.parametrize("person", ["applicant", "hospital_applicant"])
def test_nobody_puts_paper_over_a_partners_no(house, unsigned, sign_in, at, person):
    trust = unsigned.partners.get(organisation=house.trust)
    signing.decline(trust, by=house.trust_signatory, reason="Vi er ikke enige.", at=at)
    answer = sign_in(getattr(house, person)).post(url("sign_paper", unsigned, trust.pk), paper(unsigned, at))
    assert (answer.status_code, Signature.objects.filter(partner=trust).exists()) == (403, False)


def test_paper_in_a_partners_name_is_told_to_the_partner_who_can_say_that_it_is_wrong(house, unsigned, sign_in, at):
    """Whoever the lead has written as the contacts: they are not asked."""
    trust = unsigned.partners.get(organisation=house.trust)
    trust.contacts.update(email="avsender@example.org")
    assert sign_in(house.applicant).post(url("sign_paper", unsigned, trust.pk), paper(unsigned, at)).status_code == 302
    messages = {item.recipient: item.body_text for item in Message.objects.filter(kind="agreement_uploaded")}
    assert set(messages) == {house.trust_signatory.email, house.trust.post_address}
    for text in messages.values():
        assert f"{house.applicant} har lastet opp en avtale på papir for {trust.name}." in text
        assert url("signatures", unsigned) in text
    page = {
        name: sign_in(getattr(house, name)).get(url("signatures", unsigned))
        for name in ("applicant", "trust_signatory")
    }
    assert ["Avtalen er feil" in answer.content.decode() for answer in page.values()] == [False, True]
    wrong = {"reason": "Vi har ikke signert."}
    assert sign_in(house.trust_signatory).post(url("sign_decline", unsigned, trust.pk), wrong).status_code == 302
    assert [item.voided_at for item in Signature.objects.all()] == [at]


@pytest.mark.parametrize("is_stale", [True, False])
def test_a_paper_that_is_refused_or_not_needed_is_not_kept(house, unsigned, sign_in, at, is_stale):
    lead = unsigned.partners.get(role="lead")
    client, form = sign_in(house.applicant), paper(unsigned, at)
    if is_stale:
        form["seen"] = "en annen tekst"
    else:
        signing.sign(lead, by=house.signatory, title="Direktør", agreement_date=local_date(at), at=at)
    before = set(StoredFile.objects.values_list("pk", flat=True))
    answer = client.post(url("sign_paper", unsigned, lead.pk), form)
    assert (answer.status_code, set(StoredFile.objects.values_list("pk", flat=True))) == (
        422 if is_stale else 302,
        before,
    )


def test_another_partner_puts_in_no_paper(house, unsigned, sign_in, at):
    trust = unsigned.partners.get(organisation=house.trust)
    answer = sign_in(house.co_applicant).post(url("sign_paper", unsigned, trust.pk), paper(unsigned, at))
    assert (answer.status_code, Signature.objects.exists()) == (403, False)


@pytest.mark.parametrize("act", ["sign", "decline"])
def test_nobody_signs_or_declines_what_was_sent_meanwhile(house, application, at, act):
    partner = application.partners.select_related("application", "organisation").get(organisation=house.trust)
    submitting.submit(application, by=house.applicant, at=at)
    before = list(Signature.objects.values_list("pk", "voided_at"))
    words = {"agreement_date": local_date(at), "title": "Direktør"} if act == "sign" else {"reason": "Vi angrer."}
    with pytest.raises(signing.SigningError):
        getattr(signing, act)(partner, by=house.trust_signatory, at=at, **words)
    assert list(Signature.objects.values_list("pk", "voided_at")) == before


HANDLING = ("sent", "receipt", "version", "sent_file", "request_correction")
MORE = {"version": (1,), "sent_file": (1, 1)}


@pytest.mark.parametrize("state", ["recused", "pending"])
def test_inhabil_officer_is_shut_out_of_the_application_here_too(
    house, sent_application, secretary, sign_in, at, state
):
    if state == "recused":
        words = {"is_recused": True, "ground": "other", "reason": "Leder enheten som søker."}
        decide_about(sent_application, secretary, **words, by=house.hospital_secretary, at=at)
    else:
        words = {"has_tie": True, "ground": "other", "explanation": "Ektefellen leder prosjektet."}
        declaring.declare(sent_application, **words, by=secretary, at=at)
    client = sign_in(secretary)
    answers = {client.get(url(name, sent_application, *MORE.get(name, ()))).status_code for name in HANDLING}
    assert answers == {403}
    assert sign_in(house.hospital_secretary).get(url("sent", sent_application)).status_code == 200


INSIDE = ("Innstillingen ble skrevet", "fra plass", "En vurdering ble levert", "Søknaden ble innvilget")


def test_timeline_of_the_applicants_tells_no_scores_ranks_or_decisions(house, sent_application, sign_in, at):
    for act in ("priority.recommended", "priority.moved", "assessment.delivered", "application.grant"):
        record(act, subject=sent_application, by=house.secretary, at=at)
    told = sign_in(house.applicant).get(url("sent", sent_application)).content.decode()
    known = sign_in(house.secretary).get(url("sent", sent_application)).content.decode()
    assert [text for text in INSIDE if text in told] == []
    assert [text for text in INSIDE if text in known] == list(INSIDE)
    assert "Søknaden ble sendt." in told


def test_row_that_comes_after_the_sending_is_refused_in_words(house, application, at, rf):
    partner = application.partners.select_related("application").get(organisation=house.trust)
    submitting.submit(application, by=house.applicant, at=at)
    request = rf.post("/", {"contacts-0-key": "a" * 32, "contacts-0-name": "Sen", "contacts-0-version": ""})
    request.now, request.user = at, house.applicant
    form = ContactForm(request.POST, prefix="contacts-0")
    answer = row_saved(request, ApplicationOwner(application), partner, Contact, form)
    assert answer.status_code == 403
    assert not Contact.objects.filter(name="Sen").exists()


HOSTILE = [
    "a\x00b",
    "\x00",
    "=HYPERLINK(1)\x00",
    "\ufffe\u202eRTL",
    "<script>alert(1)</script>",
    "\\input{/etc/passwd}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_stored_as_plain_text(house, draft, sign_in, text):
    """PostgreSQL takes no null byte, neither in text nor in JSON; and nothing turns the direction of a line."""
    client = sign_in(house.applicant)
    data = {"description": text, "description--version": 0}
    answer = client.post(url("answer", draft, "description"), data)
    stored = list(draft.answers.filter(question="description").values_list("value", flat=True))
    plain = text.replace("\x00", "").replace("\u202e", "")
    assert (answer.status_code, stored) == (200, [plain] if plain else [])
    assert client.get(url("check", draft)).status_code == 200
    row = {"benefits-0-key": text, "benefits-0-benefit": text, "benefits-TOTAL_FORMS": "1"}
    assert client.post(url("benefit_row", draft), row).status_code < 500
    budget = {"requested_amount": text, "cost_shift_text": text, "cost_shift": "yes"}
    assert client.post(url("amount", draft), budget).status_code < 500
    for name in ("section", "answer", "detail"):
        more = [text.replace("/", "")] if name != "detail" else []
        address = f"/applications/{draft.code}/" + "/".join(["section", *more]) + "/"
        assert client.get(address).status_code == 404


KEY = "a" * 32


def table(part, *rows, **more):
    posted = {f"{part}-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}
    return {f"{part}-TOTAL_FORMS": str(len(rows)), f"{part}-INITIAL_FORMS": "0", **posted, **more}


@pytest.mark.parametrize(
    ("part", "column", "more"), [("benefits", "benefit", {}), ("budget", "description", {"requested_amount": "1"})]
)
def test_two_posted_rows_of_one_key_are_one_row(draft, applicant, sign_in, part, column, more):
    rows = [{"key": KEY, column: text, "amount": "1", "funding": ""} for text in ("Den første", "Den andre")]
    answer = sign_in(applicant).post(url(part, draft), table(part, *rows, **more))
    assert answer.status_code in {302, 422}
    stored = draft.benefits if part == "benefits" else draft.budget_lines
    assert list(stored.filter(key=KEY).values_list(column, flat=True)) in ([], ["Den første"])


def test_rows_that_point_to_others_are_read_once(draft, applicant, sign_in, monkeypatch):
    asked = []
    written_rows = parts.written_rows
    monkeypatch.setattr(parts, "written_rows", lambda data: asked.append(1) or written_rows(data))
    rows = [
        {"key": f"{number:032}", "benefit": f"Nytte {number}", "covers": "2" if number == 0 else "1"}
        for number in range(3)
    ]
    sign_in(applicant).post(url("benefits", draft), table("benefits", *rows, **{"benefits-TOTAL_FORMS": "9999"}))
    assert len(asked) == 1
    assert len(posted_rows({"benefits-TOTAL_FORMS": "9999", "benefits-9998-key": KEY}, "benefits")) == 0
