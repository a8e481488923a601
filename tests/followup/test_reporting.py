"""The evaluation: kept as a draft, sent when whole, frozen, and put before the body."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from applications.workflow import Status
from evaluation.followup.models import EvaluationReport
from evaluation.followup.services import agenda, reporting
from evaluation.followup.services.reporting import ReportError, ReportSentError
from evaluation.meetings.models import Case
from evaluation.meetings.services import planning
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from portal.snapshots import digest
from tests import calls, factories
from tests.followup.world import started, write, written
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R142", "R147")
def test_a_draft_may_be_empty_and_says_what_is_missing(house):
    report = started(house).evaluation
    write(report, house.applicant, answers={}, measured={}, spent=None)
    assert reporting.missing(report, at=NOW) == [
        "Fyll ut «Hva er gjennomført, og hva er resultatene?».",
        "Fyll ut «Hvilke effekter er målt?».",
        "Fyll ut «Hvordan er erfaringene delt, og hvor kan tiltaket spres?».",
        "Skriv hva som ble oppnådd for «Kortere reisetid».",
        "Skriv hva som ble oppnådd for «Tryggere pasienter».",
        "Skriv hvor mye av tilskuddet dere har brukt.",
    ]


@pytest.mark.parametrize(("spent", "missing"), [(0, 0), (1_000_000, 0), (1_000_001, 1)])
def test_no_more_can_be_spent_than_was_granted(house, spent, missing):
    report = written(house, spent=spent)
    assert len(reporting.missing(report, at=NOW)) == missing


def test_an_evaluation_that_is_not_whole_is_not_sent(house):
    report = written(house)
    write(report, house.applicant, measured={1: {"actual_text": ""}})
    with pytest.raises(ReportError, match="Tryggere pasienter"):
        reporting.submit(report, by=house.applicant, at=NOW)
    report.refresh_from_db()
    assert report.submitted_at is None


@pytest.mark.requirement("R119")
def test_the_sent_evaluation_holds_plan_and_result_side_by_side_and_is_frozen(house):
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    assert report.acceptance.decision.application.status == Status.EVALUATED
    assert report.sha256 == digest(report.snapshot)
    assert report.snapshot["benefits"] == [
        {
            "benefit": "Kortere reisetid",
            "measure": "Reisetid",
            "unit": "timer",
            "baseline": "12",
            "target": "4",
            "actual": "5.00",
            "actual_text": "",
            "deviation": "En bil manglet.",
        },
        {
            "benefit": "Tryggere pasienter",
            "measure": "",
            "unit": "",
            "baseline": None,
            "target": None,
            "actual": None,
            "actual_text": "Tryggere.",
            "deviation": "",
        },
    ]
    with pytest.raises(ReportSentError):
        write(report, house.applicant)


def test_two_who_send_at_once_send_once(house):
    report = written(house)
    same = EvaluationReport.objects.get(pk=report.pk)
    reporting.submit(report, by=house.applicant, at=NOW)
    with pytest.raises(ReportSentError):
        reporting.submit(same, by=house.co_applicant, at=NOW)
    told = Message.objects.filter(kind="evaluation_submitted").values_list("recipient", flat=True)
    assert (len(told), len(set(told))) == (2, 2)


def test_the_pdf_is_made_by_a_job_and_holds_the_words(house):
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    run_all_due(NOW)
    report.refresh_from_db()
    reader = PdfReader(io.BytesIO(report.pdf.read()))
    text = " ".join(reader.pages[0].extract_text().split())
    assert "Evaluering av Prosjekt 1" in text
    assert report.pdf.name == f"Evaluering {report.document.subject}.pdf"
    assert "En bil manglet." in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.requirement("R147")
def test_how_the_experience_was_shared_is_asked_and_stands_in_the_evaluation(house):
    """Regional arenas, conferences and reports are the help of the question in the round that names them."""
    (asked,) = [item for item in report_questions("helse-nord-2025") if item.code == "spread"]
    assert asked.help == "For eksempel regionale samhandlingsarenaer, konferanser og skriftlige rapporter."
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    run_all_due(NOW)
    report.refresh_from_db()
    frozen = {item["code"]: item["text"] for item in report.snapshot["answers"]}
    assert frozen["spread"] == "Delt på dagskonferanse."
    pages = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(report.pdf.read())).pages)
    assert "Hvordan er erfaringene delt, og hvor kan tiltaket spres? Delt på dagskonferanse." in pages


def report_questions(name):
    form = factories.definition(name).follow_up.evaluation_form
    return [question for part in form for question in part.questions]


def planned_meeting(house, days):
    return planning.plan(house.ssu, starts_at=NOW + timedelta(days=days), location="Teams", by=house.secretary, at=NOW)


@pytest.mark.requirement("R140")
def test_the_evaluation_becomes_a_case_in_the_next_planned_meeting(house):
    planned_meeting(house, 40)
    soon = planned_meeting(house, 20)
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    report.refresh_from_db()
    assert (report.case.meeting, report.case.title, report.case.kind) == (
        soon,
        "Evaluering: Prosjekt 1",
        "information",
    )
    assert "Kortere reisetid" in report.case.paper.facts
    with pytest.raises(agenda.CasePutUpError):
        agenda.put_up_case(report, by=house.secretary, at=NOW)


def test_evaluation_goes_to_the_region_s_body_when_the_round_says_so(house):
    spec = factories.changed(calls.regional_alone(), follow_up={"report_to": "tildelingsutvalg"})
    assert factories.round_of(spec).report_body(house.community) == house.committee
    usual = factories.round_of(calls.two_bodies())
    assert usual.report_body(house.community) == house.ssu


def test_without_a_meeting_it_waits_and_is_put_up_when_one_is_planned(house, frozen_clock):
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    with pytest.raises(agenda.NoMeetingError):
        agenda.put_up_case(report, by=house.secretary, at=NOW)
    agenda.put_up_waiting(NOW)
    assert not Case.objects.filter(title__startswith="Evaluering").exists()
    meeting = planned_meeting(house, 20)
    agenda.put_up_waiting(NOW)
    agenda.put_up_waiting(NOW)
    assert Case.objects.get(title__startswith="Evaluering").meeting == meeting
