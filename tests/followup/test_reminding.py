"""A project that is late: the secretariat is told of it, reminds it by a press, and knows whom to ring."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.models import Contact
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.services import reminding
from evaluation.followup.services.reminding import ReminderError
from evaluation.followup.waiting import late
from portal.clock import at_local
from portal.journal.models import LogEntry
from portal.mail.models import Message
from portal.reminders.services import remind
from tests import factories
from tests.applications.test_views_draft import text_of
from tests.decisions.world import adopted
from tests.followup.world import accepted, started, tell, told
from tests.habilitet import decide_about
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

# Long after the last reminder of every series.
LATE = at_local(date(2026, 6, 1)) + timedelta(hours=9)


def answering(house):
    return told(house)


def starting(house):
    return accepted(house).decision


def evaluating(house):
    return started(house).decision


STEPS = pytest.mark.parametrize("make", [answering, starting, evaluating])


def page_of(decision, name="project"):
    return reverse(f"followup:{name}", args=[decision.application.code])


@STEPS
def test_a_late_project_is_one_task_of_its_secretariat(make, house):
    make(house)
    assert [late(person, NOW) for person in (house.secretary, house.applicant)] == [[], []]
    (task,) = late(house.secretary, LATE)
    assert (task.title, task.url) == ("Ett prosjekt har gått over fristen", reverse("followup:overview"))
    assert (late(house.far_secretary, LATE), late(house.applicant, LATE)) == ([], [])


def test_late_projects_are_counted_in_one_query_without_those_that_are_closed(house, django_assert_num_queries):
    made = decide_from_minutes(adopted(house, [("granted", 10)] * 3).meeting, by=house.secretary, at=NOW)
    for decision in made:
        tell(house, decision)
    late(house.secretary, LATE)
    with django_assert_num_queries(1):
        (task,) = late(house.secretary, LATE)
    assert task.title == "Tre prosjekter har gått over fristen"
    decide_about(
        made[0].application, house.secretary, by=house.chair, at=NOW, is_recused=True, ground="other", reason="Bror."
    )
    (task,) = late(house.secretary, LATE)
    assert task.title == "To prosjekter har gått over fristen"


def test_the_list_leads_to_the_project_that_is_late_and_to_none_in_time(house, sign_in, frozen_clock):
    decision = starting(house)
    client, url = sign_in(house.secretary), reverse("followup:overview")
    assert client.get(url).context["step"] is None
    frozen_clock.move_to(LATE)
    step = sign_in(house.secretary).get(url).context["step"]
    assert (step.title, step.url, step.is_close) == (decision.application.title, page_of(decision), True)


@STEPS
def test_the_secretariat_reminds_by_a_press_once_a_day(make, house, sign_in, frozen_clock):
    decision = make(house)
    client = sign_in(house.secretary)
    assert page_of(decision, "remind") not in client.get(page_of(decision)).content.decode()
    with pytest.raises(ReminderError, match="over fristen"):
        reminding.remind_now(decision, by=house.secretary, at=NOW)
    frozen_clock.move_to(LATE)
    client = sign_in(house.secretary)
    Contact.objects.filter(partner__role="lead").update(name="Kari Kontakt", phone="77 00 00 00")
    page = client.get(page_of(decision))
    assert f'action="{page_of(decision, "remind")}"' in page.content.decode()
    assert "Du kan også ringe Kari Kontakt på 77 00 00 00." in text_of(page)
    assert "Ingen flere går av seg selv." in text_of(page)
    before = Message.objects.count()
    page = client.post(page_of(decision, "remind"), follow=True)
    assert "Purringen er sendt." in text_of(page)
    assert "Prosjektet har fått en påminnelse i dag." in text_of(page)
    sent = Message.objects.count() - before
    assert (sent > 0, LogEntry.objects.filter(act="project.reminded").count()) == (True, 1)
    assert page_of(decision, "remind") not in page.content.decode()
    client.post(page_of(decision, "remind"))
    assert Message.objects.count() - before == sent
    assert reminding.remind_now(decision, by=house.secretary, at=LATE + timedelta(days=1)) == sent


def test_nobody_rings_a_contact_who_has_left(house, sign_in, frozen_clock):
    decision = evaluating(house)
    lead = decision.application.partners.get(role="lead")
    lead.contacts.update(name="Per Borte", phone="77 00 00 01")
    Contact.objects.create(partner=lead, name="Kari Kontakt", email="kari@example.org", phone="77 00 00 00")
    person = factories.user(email=lead.contacts.first().email)
    factories.affiliation(person, house.lead, to_date=date(2025, 2, 1))
    frozen_clock.move_to(LATE)
    page = text_of(sign_in(house.secretary).get(page_of(decision)))
    assert ("Du kan også ringe Kari Kontakt" in page, "Per Borte på" in page) == (True, False)


def test_an_automatic_reminder_of_the_day_is_enough(house):
    decision = evaluating(house)
    day = at_local(date(2025, 11, 17))
    assert remind(day) > 0
    with pytest.raises(ReminderError, match="i dag"):
        reminding.remind_now(decision, by=house.secretary, at=day)


def test_nobody_left_to_remind_is_said(house):
    decision = told(house)
    Contact.objects.all().delete()
    for affiliation in house.lead.affiliations.all():
        affiliation.delete()
    with pytest.raises(ReminderError, match="Finn ut hvem"):
        reminding.remind_now(decision, by=house.secretary, at=LATE)


def test_an_award_can_still_be_answered_when_it_is_late(house, sign_in, frozen_clock):
    decision = answering(house)
    said = "Dere kan fortsatt svare, men gjør det nå."
    assert said not in text_of(sign_in(house.signatory).get(page_of(decision)))
    frozen_clock.move_to(LATE)
    assert said in text_of(sign_in(house.signatory).get(page_of(decision)))


@pytest.mark.parametrize(
    ("role", "status"), [("secretary", 302), ("applicant", 403), ("signatory", 403), ("far_secretary", 404)]
)
def test_only_the_secretariat_reminds(role, status, house, sign_in):
    decision = evaluating(house)
    assert sign_in(getattr(house, role)).post(page_of(decision, "remind")).status_code == status


def test_a_late_evaluation_gets_a_new_deadline_from_its_page(house, sign_in, frozen_clock):
    decision = evaluating(house)
    assert "Gi ny frist" not in text_of(sign_in(house.secretary).get(page_of(decision)))
    frozen_clock.move_to(LATE)
    assert "Gi ny frist" in text_of(sign_in(house.secretary).get(page_of(decision)))
    assert "Gi ny frist" not in text_of(sign_in(house.applicant).get(page_of(decision)))
