"""What is said of an evaluation that is sent: to one who presses twice, and of the meeting that it comes up in."""

from datetime import timedelta

import pytest

from evaluation.followup.services import agenda, reporting
from evaluation.followup.waiting import evaluations
from portal.mail.models import Message
from tests.followup.test_views import hidden, report_data, url
from tests.followup.world import started, written
from tests.harness import worlds
from tests.meetings import world as meetings
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def said(house):
    return f"Evalueringen ble sendt av {house.applicant}"


@worlds.world
def report(house):
    return written(house)


def test_a_second_press_says_that_the_evaluation_is_sent(house, sign_in):
    decision, client = started(house).decision, sign_in(house.applicant)
    page = client.get(url("evaluation", decision)).content.decode()
    sent = report_data(send="1") | hidden(page)
    assert "Takk! Evalueringen er sendt" in client.post(url("evaluation", decision), sent, follow=True).text
    again = client.post(url("evaluation", decision), sent, follow=True)
    assert said(house) in again.text
    assert again.redirect_chain


def test_a_stale_page_is_told_who_sent_the_evaluation(house, report, sign_in):
    reporting.submit(report, by=house.applicant, at=NOW)
    answer = sign_in(house.signatory).post(
        url("evaluation", report.acceptance.decision), report_data(effects="Noe annet."), follow=True
    )
    assert said(house) in answer.text
    assert "Det som er skrevet etter det, er ikke med." in answer.text


def test_without_a_planned_meeting_no_meeting_is_promised(house, report, sign_in):
    """«Saken kommer på sakslisten til det neste møtet», where there was none."""
    reporting.submit(report, by=house.applicant, at=NOW)
    page = sign_in(house.secretary).get(url("evaluation", report.acceptance.decision)).text
    assert "har ikke noe planlagt møte" in page
    assert ("Planlegg møte" in page, "Sett opp som sak" in page, "det neste møtet" in page) == (True, False, False)
    (task,) = evaluations(house.secretary, NOW)
    assert task.hint == "Blir sak for SSU når dere har planlagt et møte"
    mail = Message.objects.filter(kind="evaluation_submitted").first()
    assert "Den blir sak når dere har planlagt et møte i utvalget." in mail.body_text


def test_a_planned_meeting_is_named(house, report, sign_in):
    reporting.submit(report, by=house.applicant, at=NOW)
    meetings.planned(house, NOW + timedelta(days=20))
    page = sign_in(house.secretary).get(url("evaluation", report.acceptance.decision)).text
    assert ("Sett opp som sak" in page, "Saken kommer på sakslisten til møtet" in page) == (True, True)
    assert agenda.next_meeting(report, NOW)
