"""The pages that follow an award: who gets in, what they answer to bad input, what they cost."""

import html
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.models import Contact
from applications.workflow import Status
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.models import Acceptance, DeclinedAward
from evaluation.followup.progress import Step
from evaluation.followup.reminders import coming
from evaluation.followup.services import accepting, agenda, reporting
from evaluation.meetings.models import Resolution
from evaluation.meetings.services import planning
from portal.clock import local_date
from portal.communities.models import Affiliation
from portal.errors import ChangedError
from portal.jobs.services import run_all_due
from portal.snapshots import digest
from rounds.answering import models as answers
from tests.decisions.world import adopted
from tests.followup.world import accepted, started, tell, told, write, written
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

WRITERS = ("applicant", "signatory", "hospital_applicant")
OFFICE = ("secretary", "hospital_secretary")
OUTSIDERS = ("co_applicant", "stranger", "far_secretary", "regional_secretary", "assessor", "member", "chair", "nobody")


def acceptance(decision, **more):
    """What the page of the award sends, with the award that it shows."""
    return {
        "award": decision.pk,
        "planned_start_date": "01.03.2025",
        "responsible_name": "Prosjektleder",
        "responsible_email": "leder@example.org",
        "account_number": "8601 11 17947",
        "accepts_terms": "on",
        **more,
    }


@worlds.world
def decision(house):
    """A grant told by letter, that nobody has answered yet."""
    return told(house)


@worlds.world
def project(house):
    """The acceptance of a project in operation."""
    return started(house)


@worlds.world
def report(house):
    """An evaluation that was sent."""
    made = written(house)
    reporting.submit(made, by=house.applicant, at=NOW)
    return made


def url(name, decision):
    return reverse(f"followup:{name}", args=[decision.application.code])


@pytest.mark.fault("B13")
def test_adopted_is_the_day_of_the_meeting_and_not_of_the_registration(house, decision, sign_in):
    Resolution.objects.update(adopted_at=NOW - timedelta(days=20))
    page = sign_in(house.applicant).get(url("project", decision)).content.decode()
    assert "<dt>Vedtaksdato</dt><dd>tirsdag 21. januar</dd>" in page


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_the_project_is_seen_by_its_writers_and_its_secretariat(role, house, decision, sign_in):
    expected = 404 if role in OUTSIDERS else 200
    assert sign_in(getattr(house, role)).get(url("project", decision)).status_code == expected


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_only_one_who_may_bind_the_lead_accepts(role, house, decision, sign_in):
    expected = {"signatory": 200}.get(role, 404 if role in OUTSIDERS else 403)
    assert sign_in(getattr(house, role)).get(url("accept", decision)).status_code == expected


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_only_one_who_may_bind_the_lead_declines(role, house, decision, sign_in):
    expected = {"signatory": 200}.get(role, 404 if role in OUTSIDERS else 403)
    assert sign_in(getattr(house, role)).get(url("decline", decision)).status_code == expected


def test_the_award_is_declined_with_a_reason_from_the_page_of_acceptance(house, decision, sign_in):
    client = sign_in(house.signatory)
    assert f'href="{url("decline", decision)}"' in client.get(url("accept", decision)).content.decode()
    page = client.post(
        url("decline", decision), {"award": decision.pk, "reason": "Vi mangler folk."}, follow=True
    ).content.decode()
    for words in ("Dere har takket nei til tilskuddet", "Siri Signatory takket nei", "Vi mangler folk."):
        assert words in page
    assert "Aksepter tilskuddet" not in page
    assert "Aksepter tilskuddet:" not in client.get("/").content.decode()
    assert "Vi mangler folk." in sign_in(house.secretary).get(url("project", decision)).content.decode()


def test_declining_without_a_reason_is_refused(house, decision, sign_in):
    answer = sign_in(house.signatory).post(url("decline", decision), {"award": decision.pk, "reason": " "})
    assert (answer.status_code, DeclinedAward.objects.count()) == (422, 0)


@pytest.mark.parametrize("before", [accepted, None])
def test_declining_what_is_answered_is_closed_with_the_reason(before, house, decision, sign_in):
    client = sign_in(house.signatory)
    if before:
        before(house, decision)
    else:
        client.post(url("decline", decision), {"award": decision.pk, "reason": "Nei."})
    answer = client.post(url("decline", decision), {"award": decision.pk, "reason": "Nei."})
    assert answer.status_code == 403
    assert "ikke noe tilskudd å takke nei til" in answer.content.decode()


def test_a_declined_award_is_over_and_does_not_wait_for_an_acceptance(house, decision, sign_in):
    accepting.decline(decision, reason="Nei.", by=house.signatory, at=NOW)
    for person, name in (("applicant", "start"), ("secretary", "correct")):
        page = sign_in(getattr(house, person)).get(url(name, decision)).content.decode()
        assert ("Dette kan ikke gjøres lenger" in page, "Dette kan ikke gjøres ennå" in page) == (True, False)


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_only_writers_tell_the_start_and_write_the_evaluation(role, house, project, sign_in):
    decision = project.decision
    client = sign_in(getattr(house, role))
    expected = 200 if role in WRITERS else 404 if role in OUTSIDERS else 403
    assert [client.get(url(name, decision)).status_code for name in ("start", "evaluation")] == [expected] * 2


def test_who_is_to_accept_finds_the_letter_and_the_deadline(house, decision, sign_in):
    client = sign_in(house.signatory)
    for name in ("project", "accept"):
        page = client.get(url(name, decision)).content.decode()
        assert f'href="/decisions/letter/{decision.application.code}-1/"' in page
        assert "Frist lørdag 15. mars kl. 24.00" in page.replace("\xa0", " ")
    assert "Frist lørdag 15. mars kl. 24.00" in client.get("/").content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("role", WRITERS)
def test_the_task_to_accept_is_only_for_those_who_may(role, house, decision, sign_in):
    home = sign_in(getattr(house, role)).get("/").content.decode()
    assert ("Aksepter tilskuddet:" in home) == (role == "signatory")


@pytest.mark.parametrize("role", ["applicant", "secretary"])
def test_who_cannot_accept_reads_who_can(role, house, decision, sign_in):
    client = sign_in(getattr(house, role))
    named = "Disse kan akseptere: Rita Recused, Siri Signatory."
    assert named in client.get(url("project", decision)).content.decode()
    assert named not in sign_in(house.signatory).get(url("project", decision)).content.decode()


def test_when_nobody_can_accept_the_page_says_what_to_do(house, decision, sign_in):
    Affiliation.objects.filter(organisation=house.lead).update(may_sign=False)
    page = sign_in(house.applicant).get(url("project", decision)).content.decode()
    assert "Ingen er registrert med rett til å signere for ansvarlig søker." in page


def test_the_acceptance_takes_the_account_as_it_is_written(house, decision, sign_in):
    answer = sign_in(house.signatory).post(url("accept", decision), acceptance(decision), follow=True)
    assert "Takk! Tilskuddet er akseptert" in answer.content.decode()
    assert Acceptance.objects.get().account_number == "86011117947"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("account_number", "86011117948", "elleve sifre og gyldig kontrollsiffer"),
        ("account_number", "123", "elleve sifre og gyldig kontrollsiffer"),
        ("planned_start_date", "31.02.2025", "finnes ikke i kalenderen"),
        ("planned_start_date", "09.02.2025", "før vedtaket"),
        ("responsible_email", "ingen", "e-post"),
        ("accepts_terms", "", "Vi aksepterer vilkårene"),
    ],
)
def test_a_bad_answer_gets_a_sentence_and_keeps_the_rest(field, value, sentence, house, decision, sign_in):
    answer = sign_in(house.signatory).post(url("accept", decision), acceptance(decision, **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Prosjektleder" in page
    assert not Acceptance.objects.exists()


QUESTION = "Hvordan tilpasser dere prosjektet og budsjettet til beløpet?"


def test_a_part_award_asks_how_the_project_fits_it_and_shows_the_answer(house, sign_in):
    decision = told(house, "partly_granted", 400_000)
    client = sign_in(house.signatory)
    assert QUESTION in client.get(url("accept", decision)).content.decode()
    assert client.post(url("accept", decision), acceptance(decision)).status_code == 422
    client.post(url("accept", decision), acceptance(decision, adjustment="Én skole mindre."))
    for person in (house.signatory, house.applicant, house.secretary):
        assert "Én skole mindre." in sign_in(person).get(url("project", decision)).content.decode()


def test_a_whole_award_asks_for_no_adjustment(house, decision, sign_in):
    client = sign_in(house.signatory)
    assert QUESTION not in client.get(url("accept", decision)).content.decode()
    client.post(url("accept", decision), acceptance(decision, adjustment="Noe."))
    assert Acceptance.objects.get().adjustment == ""


def test_accepting_a_second_time_is_closed_with_the_reason(house, sign_in):
    decision = accepted(house).decision
    answer = sign_in(house.signatory).post(url("accept", decision), acceptance(decision))
    assert answer.status_code == 403
    assert "ikke noe tilskudd å akseptere" in answer.content.decode()


def test_a_start_in_the_future_is_refused_next_to_the_field(house, sign_in):
    decision = accepted(house).decision
    answer = sign_in(house.applicant).post(url("start", decision), {"started": "11.02.2025"})
    assert answer.status_code == 422
    assert "fram i tid" in answer.content.decode()


# The sum of the files on the page of an evaluation that has none.
NO_FILES = digest([])


def report_data(**more):
    return {
        "files": NO_FILES,
        "what-was-done": "Møter.",
        "effects": "Kortere reise.",
        "spread": "Delt.",
        "spent-spent_amount": "900 000 kr",
        "row-0-actual": "5,5",
        "row-0-deviation": "Ingen.",
        "row-1-actual_text": "Tryggere.",
        **more,
    }


def test_an_evaluation_with_gaps_is_kept_and_says_what_is_missing(house, project, sign_in):
    decision = project.decision
    client = sign_in(house.applicant)
    answer = client.post(url("evaluation", decision), report_data(effects="", send="1"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<a class="ds-link" data-color="neutral" href="#id_effects">Fyll ut «Hvilke effekter er målt?».</a>' in page
    assert page.count("Fyll ut «Hvilke effekter er målt?».") == 2, "in the summary and at the field"
    # Nothing green over what must be put right.
    assert ("Utkastet er lagret, men ikke sendt." in page, 'data-color="success"' in page) == (True, False)
    assert "<title>Feil: " in page
    assert "Møter." in client.get(url("evaluation", decision)).content.decode()


def test_each_gap_of_an_evaluation_is_told_at_its_field(house, project, sign_in):
    gaps = {"row-0-actual": "", "row-1-actual_text": "", "spent-spent_amount": "2 000 000"}
    answer = sign_in(house.applicant).post(url("evaluation", project.decision), report_data(**gaps, send="1"))
    page = answer.content.decode()
    for field in ("id_row-0-actual_text", "id_row-1-actual_text", "id_spent-spent_amount"):
        assert f'href="#{field}"' in page
        assert f'id="{field}_error"' in page


def test_a_whole_evaluation_is_sent_and_then_shown_as_sent(house, project, sign_in):
    decision = project.decision
    client = sign_in(house.applicant)
    answer = client.post(url("evaluation", decision), report_data(send="1"), follow=True)
    assert "Takk! Evalueringen er sendt" in answer.content.decode()
    decision.application.refresh_from_db()
    assert decision.application.status == Status.EVALUATED
    assert client.get(url("evaluation_pdf", decision)).url == url("evaluation", decision)
    run_all_due(NOW)
    made = client.get(url("evaluation_pdf", decision))
    assert b"".join(made.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize("changed", ["answer", "row", "spent", "file", "nothing shown"])
def test_nothing_is_sent_that_was_not_on_the_page(changed, house, project, sign_in):
    """A colleague writes while one reads the page: what is sent is what one has read."""
    decision, client = project.decision, sign_in(house.applicant)
    client.post(url("evaluation", decision), report_data(save="1"))
    page = client.get(url("evaluation", decision)).content.decode()
    sent = report_data(send="1") | hidden(page)
    report = project.evaluation
    if changed == "answer":
        answers.Answer.objects.filter(question="effects").update(value="Ingen.", version=2)
    elif changed == "row":
        report.results.filter(position=1).update(actual_text="Utryggere.")
    elif changed == "spent":
        type(report).objects.update(spent_amount=1)
    elif changed == "file":
        sent["files"] = digest([1])
    else:
        del sent["files"]
    answer = client.post(url("evaluation", decision), sent)
    said = "Noen andre har skrevet i evalueringen siden du åpnet siden." in answer.content.decode()
    report.refresh_from_db()
    assert (answer.status_code, said, report.submitted_at) == (422, True, None)
    again = report_data(send="1") | hidden(answer.content.decode())
    if changed == "answer":
        assert "Ingen." in answer.content.decode()
        again["effects"] = "Ingen."
    elif changed == "row":
        again["row-1-actual_text"] = "Utryggere."
    elif changed == "spent":
        again["spent-spent_amount"] = "1"
    assert client.post(url("evaluation", decision), again).status_code == 302


def hidden(page):
    """The hidden fields of the page."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: html.unescape(value) for name, value in fields}


def test_what_is_written_in_the_same_second_is_not_sent_unseen(house):
    made = written(house)
    with pytest.raises(ChangedError, match="Noen andre har skrevet i evalueringen"):
        reporting.submit(made, by=house.applicant, at=NOW, shown="en annen sum")
    made.refresh_from_db()
    assert made.submitted_at is None


def test_what_is_written_in_the_same_second_is_shown(house, project, sign_in, monkeypatch):
    """The page says to look at it as it is now, so that is what it shows."""
    client, decision = sign_in(house.applicant), project.decision
    client.post(url("evaluation", decision), report_data(save="1"))
    sent = report_data(send="1") | hidden(client.get(url("evaluation", decision)).content.decode())
    submit = reporting.submit

    def written_just_before(*args, **kwargs):
        answers.Answer.objects.filter(question="effects").update(value="Skrevet i siste liten.", version=2)
        return submit(*args, **kwargs)

    monkeypatch.setattr(reporting, "submit", written_just_before)
    page = client.post(url("evaluation", decision), sent).content.decode()
    assert "Noen andre har skrevet i evalueringen" in page
    assert "Skrevet i siste liten." in page


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_the_answer_is_to_the_award_that_the_page_showed(name, house, decision, sign_in):
    client = sign_in(house.signatory)
    earlier = acceptance(decision, award=decision.pk + 1, reason="Vi mangler folk.")
    answer = client.post(url(name, decision), earlier)
    page = answer.content.decode()
    assert (answer.status_code, "Se over beløpet og vilkårene slik de er nå" in page) == (422, True)
    assert ("Vi mangler folk." in page, "Prosjektleder" in page) == (name == "decline", name == "accept")
    assert (Acceptance.objects.exists(), DeclinedAward.objects.exists()) == (False, False)
    assert client.post(url(name, decision), earlier | hidden(page)).status_code == 302


def test_a_number_that_is_none_is_refused_and_given_back(house, project, sign_in):
    decision = project.decision
    answer = sign_in(house.applicant).post(url("evaluation", decision), report_data(**{"row-0-actual": "fem timer"}))
    assert answer.status_code == 422
    assert "fem timer" in answer.content.decode()


def test_the_secretariat_is_told_why_it_cannot_put_the_case_up(house, sign_in):
    report = written(house)
    client = sign_in(house.secretary)
    assert client.post(url("put_up_case", report.acceptance.decision)).status_code == 403


@pytest.mark.parametrize("role", [*OFFICE, *WRITERS, *OUTSIDERS])
def test_the_overview_shows_each_secretariat_its_own(role, house, project, sign_in):
    decision = project.decision
    answer = sign_in(getattr(house, role)).get(reverse("followup:overview"))
    assert (decision.application.title in answer.content.decode()) == (role in OFFICE)


def test_an_applicant_is_led_from_the_overview_to_the_applications(house, project, sign_in):
    answer = sign_in(house.applicant).get(reverse("followup:overview"))
    assert answer.url == reverse("applications:list")


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_a_sent_evaluation_is_told_its_secretariat_at_once(role, house, report, sign_in):
    client = sign_in(getattr(house, role))
    home = client.get("/").content.decode()
    assert ("Les evalueringen: Prosjekt 1" in home) == (role in OFFICE)
    assert ("Blir sak for SSU når dere har planlagt et møte" in home) == (role in OFFICE)
    overview = client.get(reverse("followup:overview")).content.decode()
    assert ("Evaluering mottatt, blir sak for SSU" in overview) == (role in OFFICE)


@pytest.mark.parametrize("role", ["secretary", "applicant"])
def test_a_sent_evaluation_says_when_and_to_the_secretariat_what_is_next(role, house, report, sign_in):
    client, decision = sign_in(getattr(house, role)), report.acceptance.decision
    page = client.get(url("evaluation", decision)).content.decode()
    assert "Evalueringen ble sendt mandag 10. februar 2025" in page
    assert ("Legg den fram for SSU" in page) is (role == "secretary")
    project = client.get(url("project", decision)).content.decode()
    assert ("Evalueringen er mottatt" in project) is (role == "secretary")


def test_an_evaluation_that_is_a_case_says_which_and_no_longer_waits(house, report, sign_in):
    planning.plan(house.ssu, starts_at=NOW + timedelta(days=20), location="Teams", by=house.secretary, at=NOW)
    case = agenda.put_up_case(report, by=house.secretary, at=NOW)
    client = sign_in(house.secretary)
    assert "Evaluering mottatt" not in client.get("/").content.decode()
    page = client.get(reverse("followup:overview")).content.decode()
    assert f"Evaluering mottatt, sak {case.reference}" in page


def test_an_evaluation_that_is_not_sent_is_told_nobody(house, sign_in):
    written(house)
    client = sign_in(house.secretary)
    pages = client.get("/").content.decode() + client.get(reverse("followup:overview")).content.decode()
    assert "Evaluering mottatt" not in pages


def at_every_step(house, count):
    """So many projects with each: a letter to send, an answer, a start and an evaluation to wait for, one sent, a case.

    Each step is taken by those that go further, too. Declined awards are not followed.
    """
    made = decide_from_minutes(adopted(house, [("granted", 10)] * 7 * count).meeting, by=house.secretary, at=NOW)
    for decision in made[count:]:
        tell(house, decision)
    for decision in made[6 * count :]:
        accepting.decline(decision, reason="Vi fikk ikke ansatt noen.", by=house.signatory, at=NOW)
    going = [accepted(house, decision) for decision in made[2 * count : 6 * count]]
    for acceptance in going[count:]:
        accepting.record_start(acceptance, date(2025, 2, 10), by=house.applicant, at=NOW)
    for acceptance in going[2 * count :]:
        write(acceptance.evaluation, house.applicant, spent=5)
        reporting.submit(acceptance.evaluation, by=house.applicant, at=NOW)
    planning.plan(house.ssu, starts_at=NOW + timedelta(days=20), location="Teams", by=house.secretary, at=NOW)
    for acceptance in going[3 * count :]:
        agenda.put_up_case(acceptance.evaluation, by=house.secretary, at=NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_costs_the_same_with_more_rows_at_every_step(count, house, sign_in, django_assert_num_queries):
    at_every_step(house, count)
    client = sign_in(house.secretary)
    page = client.get(reverse("followup:overview"))
    lines = [line for _label, group in page.context["groups"] for line in group]
    assert Counter(line.progress.step for line in lines) == dict.fromkeys(set(Step) - {Step.DECLINED}, count)
    # Five for the reminders of each of the three steps that have them.
    with django_assert_num_queries(23):
        client.get(reverse("followup:overview"))


def test_the_start_can_be_corrected_until_the_evaluation_is_sent(house, project, sign_in):
    decision = project.decision
    answer = sign_in(house.applicant).post(url("start", decision), {"started": "10.02.2025"})
    assert answer.status_code == 302
    assert Acceptance.objects.get().operation_started_date == date(2025, 2, 10)


def test_the_page_of_the_start_has_the_words_of_the_way_to_it(house, sign_in):
    decision = accepted(house).decision
    client = sign_in(house.applicant)
    page = client.get(url("start", decision)).text
    assert "Evalueringen skal sendes innen ni måneder etter denne datoen." in page
    assert '<h1 class="ds-heading">Meld driftsstart</h1>' in page
    client.post(url("start", decision), {"started": "10.02.2025"})
    page = client.get(url("start", decision)).text
    assert '<h1 class="ds-heading">Rett driftsstart</h1>' in page
    assert "Meld driftsstart" not in page


@pytest.mark.fault("B14")
def test_the_overview_shows_the_next_reminder(house, sign_in, frozen_clock):
    told(house)
    client = sign_in(house.secretary)
    page = client.get(reverse("followup:overview"))
    ((label, (line,)),) = page.context["groups"]
    (first, *_more) = coming(line.award.application, local_date(NOW))
    assert (label, line.reminder) == ("Innen fristen", first)
    assert "Påminnelse om å svare på tilskuddet" in page.content.decode()


@pytest.mark.fault("B14")
@pytest.mark.parametrize("role", ["secretary", "far_secretary", "applicant"])
def test_a_project_that_nobody_is_left_in_is_a_task_for_its_secretariat(role, house, sign_in):
    decision = told(house)
    client, title = sign_in(getattr(house, role)), "Finn noen å minne i prosjektet: Prosjekt 1"
    assert title not in client.get("/").content.decode()
    Contact.objects.all().delete()
    accepted(house, decision, responsible_email=house.co_applicant.email)
    house.co_applicant.affiliations.update(organisation=house.lead)
    assert title not in client.get("/").content.decode()
    house.co_applicant.affiliations.update(to_date=local_date(NOW) - timedelta(days=1))
    assert (title in client.get("/").content.decode()) is (role == "secretary")
