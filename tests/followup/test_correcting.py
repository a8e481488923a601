"""What is told about a project is asked about and put right, and nobody who has left is reminded of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from hypothesis import given
from hypothesis import strategies as st

from applications.queries.receivers import reached
from evaluation.followup import schedule
from evaluation.followup.models import Acceptance, EvaluationReport
from evaluation.followup.reminders import coming
from evaluation.followup.services import accepting, correcting
from portal.clock import at_local, local_date
from portal.communities.models import User
from portal.formats import day_in_words
from portal.journal.models import LogEntry
from portal.mail.models import Message
from portal.reminders.models import Reminder
from portal.reminders.services import remind
from portal.reminders.windows import due_reminder, upcoming
from tests import factories
from tests.applications.test_views_draft import text_of
from tests.followup.world import accepted, started, told
from tests.harness.carried import versions
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock"), pytest.mark.fault("B14")]
TODAY = local_date(NOW)
LATE = "Er 01.01.2090 riktig?"


def posted(decision, **more):
    return {
        "award": decision.pk,
        "planned_start_date": "01.01.2090",
        "responsible_name": "Leder",
        "responsible_email": "leder@example.org",
        "account_number": "86011117947",
        "accepts_terms": "on",
        **more,
    }


def test_a_start_long_after_the_budget_is_asked_about(house, sign_in):
    decision = told(house)
    url = reverse("followup:accept", args=[decision.application.code])
    client = sign_in(house.signatory)
    assert "confirms_start" not in client.get(url).content.decode()
    page = client.post(url, posted(decision))
    assert (LATE in page.content.decode(), 'name="confirms_start"' in page.content.decode()) == (True, True)
    decision.application.refresh_from_db()
    assert decision.application.status == "granted"
    assert client.post(url, posted(decision, confirms_start="on")).status_code == 302
    decision.application.refresh_from_db()
    assert decision.application.status == "accepted"


def correct(acceptance, by, **changes):
    before = correcting.as_told(acceptance)
    told_now = {name: value for name, value in before.items() if value is not None}
    return correcting.correct(acceptance, **{**told_now, "reason": "Feil dato.", **changes}, by=by, at=NOW)


def test_the_secretariat_puts_right_start_responsible_and_date(house):
    acceptance = accepted(house)
    moved = correct(
        acceptance, house.secretary, planned_start_date=date(2025, 4, 1), responsible_email="ny@example.org"
    )
    assert (moved.planned_start_date, moved.evaluation.due_date) == (date(2025, 4, 1), date(2026, 1, 1))
    mails = Message.objects.filter(kind="project_corrected").order_by("recipient")
    assert [mail.recipient for mail in mails] == ["leder@example.org", "ny@example.org"]
    assert ["Feil dato." in mail.body_text for mail in mails] == [True, True]
    entry = LogEntry.objects.get(act="acceptance.corrected")
    assert (entry.data["fields"], entry.data["reason"], entry.data["due"]) == (
        ["planned_start_date", "responsible_email", "due_date"],
        "Feil dato.",
        "2026-01-01",
    )
    assert correct(moved, house.secretary, due_date=date(2026, 2, 1)).evaluation.due_date == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"planned_start_date": date(2090, 1, 1)}, LATE),
        ({"planned_start_date": date(2025, 2, 9)}, "ikke være før vedtaket"),
        ({"due_date": date(2025, 2, 28)}, "frist før driftsstart 01.03.2025"),
        ({}, "Ingenting er endret"),
        ({"responsible_name": "Ny", "reason": " "}, "Skriv hvorfor"),
    ],
)
def test_what_cannot_be_right_is_refused(house, changes, error):
    with pytest.raises((correcting.CorrectionError, accepting.StartDateError), match=error):
        correct(accepted(house), house.secretary, **changes)


@pytest.mark.parametrize("has_started", [False, True])
def test_a_later_date_that_was_given_for_the_evaluation_stands_when_the_start_is_told(house, has_started):
    """The project told its start, or put it right by a day, and lost the time that it had been given."""
    acceptance = started(house) if has_started else accepted(house)
    given_to = acceptance.evaluation.due_date + timedelta(days=90)
    acceptance = correct(acceptance, house.secretary, due_date=given_to)
    begun, at = date(2025, 2, 11), NOW + timedelta(days=1)
    assert accepting.record_start(acceptance, begun, by=house.applicant, at=at).due_date == given_to
    # What nobody has given follows the start.
    report = correct(acceptance, house.secretary, due_date=schedule.evaluation_due(begun, 9)).evaluation
    acceptance = Acceptance.objects.get(pk=acceptance.pk)
    again = accepting.record_start(acceptance, date(2025, 2, 10), by=house.applicant, at=at)
    assert again.due_date == schedule.evaluation_due(date(2025, 2, 10), 9) != report.due_date


def test_a_date_that_was_given_stands_also_when_a_wrong_start_was_told_meanwhile(house):
    """The wrong start moved the evaluation past the date that was given, and the right one then before it."""
    acceptance, at = started(house), NOW + timedelta(days=200)
    given_to = acceptance.evaluation.due_date + timedelta(days=30)
    acceptance = correct(acceptance, house.secretary, due_date=given_to)
    begun, wrong = acceptance.operation_started_date, acceptance.operation_started_date + timedelta(days=90)
    for _press in range(2):
        report = accepting.record_start(acceptance, wrong, by=house.applicant, at=at)
        assert report.due_date == schedule.evaluation_due(wrong, 9) > given_to
        acceptance = Acceptance.objects.get(pk=acceptance.pk)
    assert accepting.record_start(acceptance, begun, by=house.applicant, at=at).due_date == given_to


def test_the_receipt_of_a_corrected_start_says_what_became_of_the_date(house, sign_in, frozen_clock):
    frozen_clock.move_to(NOW + timedelta(days=3))
    acceptance = started(house)
    correct(acceptance, house.secretary, due_date=acceptance.evaluation.due_date + timedelta(days=90))
    client, url = sign_in(house.applicant), reverse("followup:start", args=[acceptance.decision.application.code])
    page = client.post(url, {"started": "11.02.2025"}, follow=True).text
    assert "Driftsstart er rettet. Fristen for evalueringen står som før." in page
    correct(acceptance, house.secretary, due_date=schedule.evaluation_due(date(2025, 2, 11), 9))
    page = client.post(url, {"started": "12.02.2025"}, follow=True).text
    assert "Driftsstart er rettet, og fristen for evalueringen er regnet på nytt." in page


@pytest.mark.fault("C12")
def test_what_another_has_put_right_meanwhile_is_asked_about_and_not_put_back(house, sign_in):
    """The project told another start, and a colleague another person, while the page was open: it put both back."""
    acceptance = started(house)
    url = reverse("followup:correct", args=[acceptance.decision.application.code])
    client = sign_in(house.secretary)
    form = client.get(url).context["form"]
    page = {name: form[name].value() for name in (*form.content, "version") if name in form.fields}
    later = acceptance.operation_started_date + timedelta(days=1)
    at = NOW + timedelta(days=1)
    accepting.record_start(acceptance, later, by=house.applicant, at=at)
    posted_now = {**page, "responsible_name": "Ny leder", "reason": "Ny leder."}
    assert client.post(url, posted_now).status_code == 302
    now = Acceptance.objects.get(pk=acceptance.pk)
    assert (now.responsible_name, now.operation_started_date) == ("Ny leder", later)
    answer = client.post(url, {**page, "responsible_name": "En annen", "reason": "Feil."})
    assert (answer.status_code, "Lagret fra den andre" in answer.text or "Ny leder" in answer.text) == (409, True)
    assert Acceptance.objects.get(pk=acceptance.pk).responsible_name == "Ny leder"


@pytest.mark.parametrize(
    ("role", "status"), [("secretary", 200), ("applicant", 403), ("signatory", 403), ("far_secretary", 404)]
)
def test_only_officers_of_the_case_put_it_right(role, status, house, sign_in):
    acceptance = started(house)
    url = reverse("followup:correct", args=[acceptance.decision.application.code])
    assert sign_in(getattr(house, role)).get(url).status_code == status


def test_an_officer_who_wrote_it_leaves_it_to_a_colleague(house, sign_in):
    acceptance = accepted(house)
    factories.affiliation(house.secretary, house.lead)
    url = reverse("followup:correct", args=[acceptance.decision.application.code])
    answer = sign_in(User.objects.get(pk=house.secretary.pk)).get(url)
    assert (answer.status_code, "Be en kollega i sekretariatet" in answer.content.decode()) == (403, True)


def test_an_officer_presses_it_right_from_the_project_s_page(house, sign_in):
    acceptance = started(house)
    code = acceptance.decision.application.code
    client = sign_in(house.secretary)
    url = reverse("followup:correct", args=[code])
    assert url in client.get(reverse("followup:project", args=[code])).content.decode()
    fields = {
        "operation_started_date": "10.02.2025",
        "due_date": "01.12.2025",
        "responsible_name": "Ny leder",
        "responsible_email": "ny@example.org",
        "reason": "Ny prosjektleder.",
    }
    page = client.post(url, {**fields, **versions(client, url)}, follow=True).content.decode()
    assert [text in page for text in ("Opplysningene er rettet.", "Ny leder, ny@example.org", "01.12.2025")] == [
        True
    ] * 3


def test_pressed_twice_it_says_that_it_was_put_right_and_tells_once(house, sign_in):
    acceptance = started(house)
    client, url = sign_in(house.secretary), reverse("followup:correct", args=[acceptance.decision.application.code])
    form = client.get(url).context["form"]
    fields = {
        "version": form["version"].value(),
        "operation_started_date": "10.02.2025",
        "due_date": f"{acceptance.evaluation.due_date:%d.%m.%Y}",
        "responsible_name": "Ny leder",
        "responsible_email": "ny@example.org",
        "reason": "Ny prosjektleder.",
    }
    for _press in range(2):
        assert "Opplysningene er rettet." in client.post(url, fields, follow=True).text
    assert LogEntry.objects.filter(act="acceptance.corrected").count() == 1
    assert Message.objects.filter(kind="project_corrected", recipient="ny@example.org").count() == 1


# --- who is reminded, and when ---------------------------------------------------------------------------


def recipients(acceptance):
    return {each.recipients for each in coming(acceptance.decision.application, TODAY)}


def test_who_has_left_is_not_reminded(house):
    acceptance = started(house)
    person = factories.user("Leder", email="leder@example.org")
    affiliation = factories.affiliation(person, house.lead)
    everybody = ("kontakt-lead@example.org", "kontakt-partner@example.org", "leder@example.org")
    before_it_is_late = [each for each in coming(acceptance.decision.application, TODAY) if each.day <= each.deadline]
    assert {each.recipients for each in before_it_is_late} == {everybody}
    affiliation.to_date = TODAY - timedelta(days=1)
    affiliation.save()
    remind(at_local(date(2025, 9, 11)))
    assert sorted(Reminder.objects.values_list("recipient", flat=True)) == list(everybody[:2])


def test_when_nobody_is_left_the_lead_s_post_address_is_reminded(house):
    acceptance = accepted(house)
    for address in ("kontakt-lead@example.org", "kontakt-partner@example.org", "leder@example.org"):
        factories.user("Borte", email=address, is_active=False)
    assert recipients(acceptance) == {(house.lead.post_address,)}


def test_a_draft_without_contacts_reminds_nobody_but_those_who_write_it(house):
    draft = told(house).application
    assert reached(draft, [], {}, TODAY) == []


def test_what_is_said_to_come_is_what_is_sent(house, sign_in):
    acceptance = started(house)
    application = acceptance.decision.application
    said = [(each.day, to) for each in coming(application, TODAY) for to in each.recipients]
    page = text_of(sign_in(house.secretary).get(reverse("followup:project", args=[application.code])))
    assert "Torsdag 11. september 2025: påminnelse om å sende evalueringen innen" in page
    # What goes after the deadline goes only if it is not done.
    late = next(each for each in coming(application, TODAY) if each.is_late)
    assert f"{capfirst(day_in_words(late.day, TODAY))}: purring hvis evalueringen ikke er sendt" in page
    for day in sorted({day + timedelta(days=near) for day, _to in said for near in (-1, 0, 1)}):
        remind(at_local(day))
    rows = Reminder.objects.filter(kind="evaluation").order_by("sent_at", "recipient")
    assert sorted((local_date(row.sent_at), row.recipient) for row in rows) == sorted(said)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sets(st.integers(-60, 60)), st.integers(-80, 80))
def test_each_day_to_come_is_the_day_on_which_it_is_due(deadline, offsets, days):
    today = deadline + timedelta(days=days)
    for day in upcoming(deadline, offsets, today):
        assert day > today
        assert due_reminder(deadline, offsets, day).day == day


def test_a_correction_keeps_the_start_that_the_recipient_told_meanwhile(house):
    seen = accepted(house)
    accepting.record_start(accepted_now(seen), date(2025, 2, 10), by=house.applicant, at=NOW)
    correct(seen, house.secretary, responsible_name="Ny leder")
    now_told = accepted_now(seen)
    assert (now_told.operation_started_date, now_told.responsible_name) == (date(2025, 2, 10), "Ny leder")
    assert now_told.operation_recorded_by == house.applicant


def test_the_start_stands_when_the_evaluation_has_been_sent(house):
    acceptance = started(house)
    due = acceptance.evaluation.due_date
    EvaluationReport.objects.update(submitted_at=NOW)
    with pytest.raises(accepting.StartDateError, match="Evalueringen er sendt"):
        accepting.record_start(acceptance, date(2025, 2, 10), by=house.applicant, at=NOW)
    assert EvaluationReport.objects.get().due_date == due


def accepted_now(acceptance):
    return Acceptance.objects.get(pk=acceptance.pk)
