"""The page of a project shows whether what was sent about it arrived, and who looks after it can send it again."""

from datetime import date

import pytest
from django.urls import reverse

from evaluation.decisions.services.deciding import decide_from_minutes
from portal.clock import end_of_day
from portal.mail.models import Message
from portal.reminders.models import Reminder
from portal.reminders.services import remind
from tests.decisions.world import adopted
from tests.followup.test_reminders import morning
from tests.followup.world import started, tell
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(house):
    """The evaluation of a project that has begun; everybody was reminded of it on the day that it was due."""
    report = started(house).evaluation
    remind(morning(report.due_date))
    return report


def page_of(report):
    return reverse("followup:project", args=[report.acceptance.decision.application.code])


def fail(**which):
    failed = Message.objects.filter(**which)
    assert failed.update(failed_at=NOW, answer="550")
    return failed.order_by("pk").first()


@pytest.mark.parametrize("kind", ["reminder_evaluation", "award_accepted"])
def test_mail_that_did_not_arrive_is_told_where_it_is_shown_with_the_way_to_send_it_again(kind, house, report, sign_in):
    before = sign_in(house.secretary).get(page_of(report)).content.decode()
    assert ("E-post om tilskuddet" in before, "Ikke levert" in before) == (True, False)
    message = fail(kind=kind)
    after = sign_in(house.secretary).get(page_of(report)).content.decode()
    assert f"Ikke levert til {message.recipient}." in after
    assert reverse("portal:send_again", args=[message.pk]) in after


def test_those_who_wrote_it_see_that_a_reminder_did_not_arrive_and_no_other_mail(house, report, sign_in):
    fail(kind="reminder_evaluation")
    message = fail(kind="award_accepted")
    words = sign_in(house.applicant).get(page_of(report)).content.decode()
    assert ("Ikke levert" in words, message.recipient in words) == (True, False)
    assert "E-post om tilskuddet" not in words
    assert reverse("portal:send_again", args=[message.pk]) not in words


def test_one_mail_about_two_awards_is_told_of_on_both_pages(house, sign_in):
    """It is about the first; who looks after the second is told that it did not arrive, too."""
    minutes = adopted(house, [("granted", 1_000_000), ("granted", 900_000)])
    decisions = decide_from_minutes(minutes.meeting, by=house.secretary, at=NOW)
    for decision in decisions:
        tell(house, decision)
    remind(morning(date(2025, 3, 15)))
    rows = Reminder.objects.filter(recipient=house.signatory.email)
    (key,) = set(rows.values_list("mail_key", flat=True))
    assert rows.count() == 2
    fail(key=key)
    for decision in decisions:
        page = reverse("followup:project", args=[decision.application.code])
        assert "Ikke levert" in sign_in(house.secretary).get(page).content.decode()


def test_a_reminder_to_several_is_told_once_with_all_whom_it_went_to(house, report, sign_in):
    rows = Reminder.objects.filter(kind__contains="evaluation")
    assert rows.count() > 1, "it goes to several"
    words = sign_in(house.applicant).get(page_of(report)).content.decode().split("Påminnelser som er sendt")[1]
    assert words.count("Hvem som fikk den") == 1
    assert ", ".join(sorted({row.recipient for row in rows})) in words


def test_one_who_is_late_reads_when_the_evaluation_should_have_been_sent(house, report, sign_in, frozen_clock):
    address = reverse("followup:evaluation", args=[report.acceptance.decision.application.code])
    page = sign_in(house.applicant).get(address)
    assert f"0 av {page.context['written'][1]} skrevet, frist" in page.text
    frozen_clock.move_to(end_of_day(report.due_date))
    assert "Evalueringen skulle vært sendt" in sign_in(house.applicant).get(address).text
