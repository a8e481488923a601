"""The status of a plan as a case of the SSU: put up once a meeting, frozen, read with the papers of the case."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from evaluation.meetings.models import Case, Meeting
from evaluation.plans import waiting
from evaluation.plans.models import MeasureState, Plan, StatusReport
from evaluation.plans.services import agenda, plan_text
from evaluation.plans.services.plan_text import PlanConflictError, PlanError
from portal.documents.services import make_pdf
from tests.harness import worlds
from tests.meetings import world as meetings
from tests.plans import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def public_and_meeting(house, now):
    """The plan in force, adopted by the SSU, and the next meeting of the SSU, planned."""
    period = {"first_day": now.date(), "last_day": now.date() + timedelta(days=300)}
    plan = world.begun(house, now, **period)
    world.adopted(house, plan, now)
    return plan, meetings.planned(house, now)


@worlds.part
def public(public_and_meeting):
    return public_and_meeting[0]


@worlds.part
def meeting(public_and_meeting):
    return public_and_meeting[1]


@pytest.mark.requirement("R136")
def test_the_status_is_put_up_with_its_picture_and_its_table(house, public, meeting, now, client):
    first, second = world.measures(public)
    world.told(house, first, now)
    client.force_login(house.secretary)
    page = client.get(public.get_absolute_url())
    assert "Før opp statusen som sak" in page.text
    answer = client.post(reverse("plans:put_up", args=[public.code, meeting.pk]))
    assert answer.url == public.get_absolute_url()
    case = Case.objects.select_related("paper").get(meeting=meeting)
    assert (case.title, case.kind) == ("Status for Handlingsplan 2026", "information")
    assert case.paper.facts.splitlines() == [
        "Ikke startet: 1",
        "Forsinket: 1",
        "Forsinket: Opprette et nettverk (A). To kommuner mangler.",
    ]
    assert "Ingen har meldt om 1 tiltak." in case.paper.background
    # The page of the case has each line as a word and what is said of it.
    assert "<dt>Ikke startet</dt><dd>1</dd>" in client.get(case.get_absolute_url()).text
    # What is told afterwards does not change what the meeting is shown.
    world.told(house, second, now, MeasureState.ACHIEVED, "Fagdagen er holdt.")
    report = StatusReport.objects.get(case=case)
    make_pdf(document_id=report.document_id, at=now)
    url = reverse("plans:status_pdf", args=[case.pk])
    assert url in client.get(case.get_absolute_url()).text
    made = b"".join(client.get(url).streaming_content)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    for words in ("Tiltakene etter status", "Forebygging", "Opprette et nettverk", "To kommuner mangler."):
        assert words in text
    assert "Fagdagen er holdt." not in text
    assert "Før opp statusen som sak" not in client.get(public.get_absolute_url()).text


def test_the_status_speaks_of_what_was_adopted(house, public, meeting, now):
    """A title, or a measure, that is only written is told to no meeting."""
    texts = {"letter": "c", "text": "Skrevet etterpå", "owners": ["secretariat"]}
    plan_text.add(public, "measure", world.measures(public)[0].aim, texts=texts, by=house.secretary, at=now)
    plan_text.write(public, public, texts={"title": "Et nytt navn"}, by=house.secretary, at=now)
    case = Case.objects.select_related("paper").get(
        pk=agenda.put_up_status(public, meeting, by=house.secretary, at=now).pk
    )
    assert (case.title, case.paper.facts) == ("Status for Handlingsplan 2026", "Ikke startet: 2")
    assert "Ingen har meldt om 2 tiltak." in case.paper.background
    assert len(StatusReport.objects.get().snapshot["told"]) == 2


def test_it_is_put_up_once_a_meeting_by_the_secretariat(house, public, meeting, now, client):
    url = reverse("plans:put_up", args=[public.code, meeting.pk])
    for person, status in ((house.chair, 403), (house.far_secretary, 403), (house.nobody, 403), (house.secretary, 302)):
        client.force_login(person)
        assert client.post(url).status_code == status
    case = Case.objects.get(meeting=meeting)
    assert f"allerede sak {case.reference}" in client.post(url, follow=True).text
    with pytest.raises(PlanConflictError):
        agenda.put_up_status(public, meeting, by=house.secretary, at=now)
    assert StatusReport.objects.count() == 1


def test_a_meeting_that_is_set_and_a_plan_that_nobody_has_adopted_get_none(house, public, meeting, now, client):
    other = world.begun(house, now, title="Et utkast")
    with pytest.raises(PlanError, match="ikke vedtatt"):
        agenda.put_up_status(other, meeting, by=house.secretary, at=now)
    Meeting.objects.filter(pk=meeting.pk).update(status="open")
    with pytest.raises(PlanError, match="Velg et møte"):
        agenda.put_up_status(public, meeting, by=house.secretary, at=now)
    client.force_login(house.secretary)
    url = reverse("plans:put_up", args=[public.code, meeting.pk])
    assert "Møtet er satt eller avlyst." in client.post(url, follow=True).text
    assert StatusReport.objects.count() == 0


def test_who_may_not_read_the_papers_reads_no_status(house, public, meeting, now, client):
    case = agenda.put_up_status(public, meeting, by=house.secretary, at=now)
    url = reverse("plans:status_pdf", args=[case.pk])
    for person, status in ((house.chair, 302), (house.member, 404), (house.nobody, 404), (house.far_secretary, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status, person


def test_the_secretariat_is_reminded_on_its_front_page_until_it_is_put_up(house, public, meeting, now):
    (task,) = waiting.status(house.secretary, now)
    assert (task.title, task.url) == ("Før opp status for Handlingsplan 2026", public.get_absolute_url())
    assert task.due_at == meeting.starts_at
    for person in (house.chair, house.far_secretary, house.nobody):
        assert waiting.status(person, now) == []
    agenda.put_up_status(public, meeting, by=house.secretary, at=now)
    assert waiting.status(house.secretary, now) == []


def test_a_plan_that_is_over_asks_for_no_status(house, public, meeting, now):
    Plan.objects.update(last_day=now.date() - timedelta(days=1), first_day=now.date() - timedelta(days=2))
    world.adopted(house, public, now)
    assert waiting.status(house.secretary, now) == []


def test_the_reminder_asks_the_period_and_the_name_that_were_adopted(house, public, meeting, now, client):
    """Who begins to write the plan of next year in the text of this one has not ended this one."""
    client.force_login(house.secretary)
    texts = {"title": "Handlingsplan 2027", "first_day": date(2027, 1, 1), "last_day": date(2027, 12, 31)}
    plan_text.write(public, public, texts=texts, by=house.secretary, at=now)
    assert [task.title for task in waiting.status(house.secretary, now)] == ["Før opp status for Handlingsplan 2026"]
    assert "Før opp statusen som sak" in client.get(public.get_absolute_url()).text
    # And a period that is only written brings no ended plan to life.
    world.adopted(house, public, now)
    texts = {"first_day": now.date(), "last_day": now.date() + timedelta(days=9)}
    plan_text.write(public, public, texts=texts, by=house.secretary, at=now)
    assert waiting.status(house.secretary, now) == []
    assert "Før opp statusen som sak" not in client.get(public.get_absolute_url()).text
