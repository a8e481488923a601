"""The pages of a sent application: versions, changes, files, and the secretariat's acts."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Extension, Submission
from applications.services import correcting, submitting
from applications.workflow import Status
from portal.clock import local
from tests import documents
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def fresh(application):
    return Application.objects.get(pk=application.pk)


# person × page → status, of a sent application
WRITER = {"sent": 200, "receipt": 200, "version": 200, "sent_file": 200, "request_correction": 403, "extend": 403}
HANDLER = {"sent": 200, "receipt": 200, "version": 200, "sent_file": 200, "request_correction": 200, "extend": 403}
OUTSIDER = dict.fromkeys(WRITER, 404)
PAGES = {
    "applicant": WRITER,
    "co_applicant": WRITER,
    "signatory": WRITER,
    "secretary": HANDLER,
    "hospital_secretary": HANDLER,
    "far_secretary": OUTSIDER,
    "regional_secretary": OUTSIDER,
    "stranger": OUTSIDER,
    "assessor": OUTSIDER,
    "nobody": OUTSIDER,
}
MORE = {"version": (1,), "sent_file": (1, 1)}


@pytest.mark.parametrize("person", PAGES)
def test_sent_application_is_open_to_writers_and_its_own_secretariat(house, sent_application, sign_in, person):
    client = sign_in(getattr(house, person))
    answers = {}
    for name in PAGES[person]:
        answer = client.get(url(name, sent_application, *MORE.get(name, ())))
        answers[name] = answer.status_code
        assert not answer.streaming or answer.getvalue()
    assert answers == PAGES[person]


def test_what_was_sent_is_folded_for_the_applicants_and_open_for_the_secretariat(house, sent_application, sign_in):
    view = sign_in(house.applicant).get(url("sent", sent_application)).context["view"]
    assert next(section.state for section in view.sections if section.code == "plan").endswith(" svar")
    assert not sign_in(house.secretary).get(url("sent", sent_application)).context["view"].is_folded


@pytest.mark.requirement("R145", "R150")
def test_secretariat_of_2024_reads_the_communication_plan_and_the_consequences(house, sign_in):
    round_ = world.real_round("troms-ofoten-2024")
    at = world.open_moment(round_)
    application = world.whole(house, round_, signed=False)
    world.set_answer(application, "communication", "Møte hver måned, og en side på nettet.")
    world.set_answer(application, "consequences", "Røntgen får flere kveldsvakter.")
    world.sign_all(house, application, at)
    submitting.submit(fresh(application), by=house.applicant, at=at)
    page = unescape(sign_in(house.secretary).get(url("sent", application)).text)
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for label, answer in {
        "Plan for intern og ekstern kommunikasjon": "Møte hver måned, og en side på nettet.",
        "Hvilke konsekvenser har tiltaket for andre deler av virksomhetene?": "Røntgen får flere kveldsvakter.",
    }.items():
        assert f"{label} {answer}" in words


def test_secretariat_sees_what_was_sent_and_not_the_draft_in_correction(
    house, sent_application, secretary, sign_in, at
):
    correcting.request_correction(sent_application, ["plan"], "Mangler", at + timedelta(days=5), by=secretary, at=at)
    world.set_answer(sent_application, "project-plan", "HEMMELIG UTKAST")
    client = sign_in(secretary)
    assert "HEMMELIG UTKAST" not in client.get(url("sent", sent_application)).content.decode()
    assert client.get(url("check", sent_application)).status_code == 403


def test_attachment_is_served_as_it_was_sent(sent_application, secretary, sign_in):
    Application.objects.get().attachments.all().delete()
    answer = sign_in(secretary).get(url("sent_file", sent_application, 1, 1))
    assert answer.getvalue() == b"%PDF-1.7 agreement"
    assert "attachment" in answer["Content-Disposition"]
    assert sign_in(secretary).get(url("sent_file", sent_application, 1, 9)).status_code == 404


def test_contacts_phone_is_for_those_who_handle_it(house, sent_application, sign_in):
    assert "77 00 00 00" in sign_in(house.secretary).get(url("sent", sent_application)).content.decode()
    assert "77 00 00 00" not in sign_in(house.applicant).get(url("sent", sent_application)).content.decode()


@pytest.mark.parametrize("versions", [1, 3])
def test_sent_page_takes_the_same_queries_for_one_and_three_versions(
    house, sent_application, secretary, sign_in, at, versions, django_assert_num_queries
):
    for number in range(versions - 1):
        correct(house, sent_application, at + timedelta(hours=number), f"Plan {number}")
    client = sign_in(secretary)
    with django_assert_num_queries(13):
        client.get(url("sent", sent_application))


def correct(house, application, at, plan):
    """A correction asked for and answered."""
    application = fresh(application)
    due_at = at + timedelta(days=5)
    correcting.request_correction(application, ["plan"], "Planen mangler.", due_at, by=house.secretary, at=at)
    world.set_answer(application, "project-plan", plan)
    world.sign_all(house, application, at)
    return submitting.resubmit(fresh(application), by=house.applicant, at=at)


def test_changes_between_versions_are_exactly_what_was_changed(house, sent_application, secretary, sign_in, at):
    correct(house, sent_application, at, "Prosjektet skal finne en modell for felles helsetjenester i Salten.")
    page = sign_in(secretary).get(url("changes", sent_application, 2))
    assert [(change.section, change.label) for change in page.context["changes"]] == [
        ("Plan og involvering", "Prosjektplan, inkludert evalueringspunkter")
    ]
    assert page.context["changes"][0].marked == (
        'Prosjektet skal finne <del><span class="ds-sr-only">Tatt ut: </span>og utvikle</del> en modell for felles '
        'helsetjenester i <del><span class="ds-sr-only">Tatt ut: </span>Midt-Troms.</del> '
        '<ins><span class="ds-sr-only">Lagt til: </span>Salten.</ins>'
    )
    assert sign_in(secretary).get(url("changes", sent_application, 1)).status_code == 404


def test_hostile_text_stays_text_in_the_changes(house, sent_application, secretary, sign_in, at):
    correct(house, sent_application, at, "<script>alert(1)</script>")
    text = sign_in(secretary).get(url("changes", sent_application, 2)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


# --- the receipt's PDF ----------------------------------------------------------------------------------


def test_pdf_is_asked_for_until_it_is_made_and_then_given(sent_application, applicant, sign_in, at):
    client, page = sign_in(applicant), url("receipt", sent_application)
    waiting = client.get(page).content.decode()
    assert ("PDF-en lages." in waiting, f'hx-get="{page}"' in waiting, 'hx-trigger="every 2s"' in waiting) == (
        True,
    ) * 3
    assert client.get(url("receipt_pdf", sent_application)).url == page
    documents.make_pdf(Submission.objects.get(), at)
    made = client.get(page).content.decode()
    assert (url("receipt_pdf", sent_application) in made, "hx-trigger" in made) == (True, False)
    assert client.get(url("receipt_pdf", sent_application)).getvalue().startswith(b"%PDF-")


# --- the secretariat's acts --------------------------------------------------------------------------------


def moment(name, at):
    there = local(at)
    return {f"{name}_0": f"{there:%Y-%m-%d}", f"{name}_1": f"{there:%H:%M}"}


def test_secretary_asks_for_a_correction(sent_application, secretary, sign_in, at):
    client = sign_in(secretary)
    form = {
        "sections": ["plan", "budget"],
        "reason": "Mangler evalueringspunkter.",
        **moment("due_at", at + timedelta(days=9)),
    }
    answer = client.post(url("request_correction", sent_application), form)
    assert answer["Location"] == url("sent", sent_application)
    request = sent_application.correction_requests.get()
    assert (request.sections, request.due_at) == (["budget", "plan"], at + timedelta(days=9))
    assert fresh(sent_application).status == Status.CORRECTION


def test_correction_without_anything_says_what_is_missing(sent_application, secretary, sign_in):
    answer = sign_in(secretary).post(url("request_correction", sent_application), {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"sections", "reason", "due_at"}


def test_second_secretary_who_asks_at_once_gets_a_sentence(house, sent_application, sign_in, at):
    correcting.request_correction(
        sent_application, ["plan"], "Mangler", at + timedelta(days=5), by=house.secretary, at=at
    )
    form = {"sections": ["plan"], "reason": "Mangler.", **moment("due_at", at + timedelta(days=9))}
    answer = sign_in(house.hospital_secretary).post(url("request_correction", sent_application), form)
    assert answer.status_code == 403
    assert sent_application.correction_requests.count() == 1


def test_secretary_extends_a_correction(sent_application, secretary, sign_in, at):
    correcting.request_correction(sent_application, ["plan"], "Mangler", at + timedelta(days=5), by=secretary, at=at)
    form = {"reason": "Ferie.", **moment("until", at + timedelta(days=9))}
    assert sign_in(secretary).post(url("extend", sent_application), form).status_code == 302
    assert fresh(sent_application).open_correction.due_at == at + timedelta(days=9)


def test_secretary_extends_a_draft_by_its_code_without_reading_it(unsigned, secretary, sign_in, northern):
    client = sign_in(secretary)
    form = {
        "code": unsigned.code.lower(),
        "reason": "Portalen var nede.",
        **moment("until", northern.closes_at + timedelta(days=1)),
    }
    assert client.post(reverse("applications:extend_draft"), form).status_code == 302
    assert Extension.objects.get().application == unsigned
    assert unsigned.title not in client.get(reverse("applications:extend_draft")).content.decode()


@pytest.mark.parametrize(("person", "status"), [("far_secretary", 422), ("applicant", 403), ("nobody", 403)])
def test_nobody_else_extends_a_draft(house, unsigned, sign_in, northern, person, status):
    form = {"code": unsigned.code, "reason": "Fordi", **moment("until", northern.closes_at + timedelta(days=1))}
    answer = sign_in(getattr(house, person)).post(reverse("applications:extend_draft"), form)
    assert (answer.status_code, Extension.objects.count()) == (status, 0)


@pytest.mark.parametrize("person", ["applicant", "secretary"])
def test_task_list_of_a_sent_application_leads_to_what_was_sent(house, sent_application, sign_in, person):
    client = sign_in(getattr(house, person))
    assert client.get(url("detail", sent_application))["Location"] == url("sent", sent_application)


def test_my_applications_show_until_when_each_must_be_corrected(
    house, sent_application, secretary, sign_in, at, django_assert_num_queries
):
    client = sign_in(house.applicant)
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("applications:list"))
    correcting.request_correction(sent_application, ["plan"], "Mangler", at + timedelta(days=5), by=secretary, at=at)
    with django_assert_num_queries(len(before)):
        page = client.get(reverse("applications:list"))
    ((label, (card,)),) = page.context["groups"]
    assert (label, card.due_at, card.act) == ("Venter på dere", at + timedelta(days=5), "Rett søknaden")


def test_a_correction_stands_in_the_box_below_the_heading_of_the_budget(house, sent_application, sign_in, at):
    reason = "Budsjettet mangler sykehuset."
    correcting.request_correction(
        sent_application, ["budget"], reason, at + timedelta(days=5), by=house.secretary, at=at
    )
    page = sign_in(house.applicant).get(url("budget", sent_application)).text
    box = page.index('<section class="next-step" data-color="warning" aria-labelledby="correction-title">')
    assert page.index("</h1>") < box < page.index(reason)
    assert page.count(reason) == 1
