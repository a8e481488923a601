"""The reminder engine: who is reminded of what, when, and only once."""

from datetime import date, datetime, timedelta

import pytest

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Assessment, Assignment
from evaluation.assessment.services import declaring
from evaluation.decisions.services import letters
from evaluation.followup.services import reporting
from portal import rooms
from portal.clock import at_local
from portal.jobs.services import run_all_due
from portal.mail import services as mail
from portal.mail.models import Message
from portal.reminders.models import Reminder
from portal.reminders.services import remind
from tests import factories, stages
from tests.decisions.world import adopted, application, approve
from tests.followup.world import accepted, awarded, started, written
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.world import NOW

pytestmark = pytest.mark.django_db


def morning(day):
    return at_local(day) + timedelta(hours=8)


def sent():
    """Kind, recipient and the local day it belonged to, in the order they went."""
    rows = Reminder.objects.order_by("sent_at", "recipient")
    return [(row.kind, row.recipient, (row.due_at + timedelta(hours=3)).date()) for row in rows]


def remind_on(*days):
    for day in days:
        remind(morning(day))
    return sent()


@worlds.world
def draft(house):
    """A draft of the 2025 round, whose deadline is 1 March 2025 at 24.00."""
    round_ = factories.round_of(factories.definition("helse-nord-2025"), at=NOW)
    unsent = application(house, round_, status=Status.NOT_ADMITTED)
    Application.objects.filter(pk=unsent.pk).update(status=Status.DRAFT, submitted_at=None)
    return unsent


@pytest.mark.fault("D15")
def test_a_reminder_that_fails_stops_no_other_and_is_sent_by_the_next_run(house, draft, monkeypatch, caplog):
    queue, day = mail.queue, date(2025, 2, 26)

    def fails_for_one(template, *, recipient, **words):
        if recipient == "kontakt-lead@example.org":
            raise ValueError(recipient)
        return queue(template, recipient=recipient, **words)

    def fails_at_once(today):
        raise ValueError(today)
        yield

    kinds = list(rooms.reminder_kinds())
    monkeypatch.setattr(mail, "queue", fails_for_one)
    monkeypatch.setattr(rooms, "reminder_kinds", lambda: [rooms.ReminderKind("broken", "", fails_at_once), *kinds])
    others = [house.applicant.email, "kontakt-partner@example.org"]
    assert [recipient for kind, recipient, _day in remind_on(day) if kind == "draft"] == others
    assert "reminder of draft for applications.application" in caplog.text
    assert "broken" in caplog.text
    assert "kontakt-lead" not in caplog.text
    monkeypatch.setattr(mail, "queue", queue)
    assert "kontakt-lead@example.org" in [recipient for kind, recipient, _day in remind_on(day) if kind == "draft"]


def test_a_draft_is_reminded_of_to_its_writer_and_contacts(house, draft):
    reminded = [row for row in remind_on(date(2025, 2, 26)) if row[0] == "draft"]
    assert reminded == [
        ("draft", house.applicant.email, date(2025, 2, 26)),
        ("draft", "kontakt-lead@example.org", date(2025, 2, 26)),
        ("draft", "kontakt-partner@example.org", date(2025, 2, 26)),
    ]


def test_a_draft_is_no_matter_of_the_one_who_began_it_and_has_left(house, draft):
    house.applicant.affiliations.update(to_date=date(2025, 2, 1))
    addresses = [address for kind, address, _day in remind_on(date(2025, 2, 26)) if kind == "draft"]
    assert addresses == ["kontakt-lead@example.org", "kontakt-partner@example.org"]


def test_those_who_may_sign_are_reminded_of_the_missing_signature(house, draft):
    assert [row for row in remind_on(date(2025, 2, 24)) if row[0] == "signature"] == [], "nobody has been asked"
    Application.objects.filter(pk=draft.pk).update(signing_asked_at=morning(date(2025, 2, 25)))
    reminded = [row for row in remind_on(date(2025, 2, 27)) if row[0] == "signature"]
    assert reminded == [
        ("signature", house.recused_member.email, date(2025, 2, 27)),
        ("signature", house.signatory.email, date(2025, 2, 27)),
        ("signature", house.trust_signatory.email, date(2025, 2, 27)),
    ]


def test_the_reminder_of_a_draft_names_who_has_not_signed(house, draft):
    remind_on(date(2025, 2, 26))
    text = " ".join(Message.objects.filter(kind="reminder_draft").first().body_text.split())
    names = ", ".join(partner.name for partner in draft.partners.order_by("position"))
    assert f"Ikke signert ennå: {names}." in text


def test_after_the_deadline_the_draft_is_told_of_once(house, draft):
    days = [date(2025, 3, 2), date(2025, 3, 3), date(2025, 3, 20), date(2025, 4, 20)]
    assert {row[2] for row in remind_on(*days) if row[0] == "draft"} == {date(2025, 3, 2)}
    assert "fristen er ute" in Message.objects.filter(kind="reminder_draft").first().title


def test_an_assessment_is_reminded_of_until_it_is_delivered(house):
    round_ = factories.round_of(factories.definition("helse-nord-2025"), at=NOW)
    admitted = application(house, round_, status=Status.ADMITTED)
    stage = round_.stages.first()
    Assignment.objects.create(
        application=admitted,
        stage=stage,
        assessor=house.assessor,
        due_date=date(2025, 3, 20),
        assigned_by=house.secretary,
        assigned_at=NOW,
    )
    assert remind_on(date(2025, 3, 16), date(2025, 3, 17), date(2025, 3, 18)) == [
        ("assessment", house.assessor.email, date(2025, 3, 17))
    ]
    Assessment.objects.create(
        application=admitted,
        stage=stage,
        assessor=house.assessor,
        submission=admitted.submissions.get(),
        updated_at=NOW,
        delivered_at=NOW,
    )
    Assignment.objects.update(delivered_at=NOW)
    assert len(remind_on(date(2025, 3, 21))) == 1


@pytest.fixture
def given(house):
    """An assignment due 20 March 2025, at home to the assessor; changed by keywords."""
    round_ = factories.round_of(factories.definition("helse-nord-2025"), at=NOW)
    admitted = application(house, round_, status=Status.ADMITTED)

    def make(stage="community", **fields):
        admitted.status = fields.pop("status", Status.ADMITTED)
        admitted.save()
        stages.enter(admitted, NOW, stage=fields.pop("entered", stage))
        fields = {"assessor": house.assessor, **fields}
        dates = {"due_date": date(2025, 3, 20), "assigned_at": NOW}
        stage = round_.stages.get(code=stage)
        return Assignment.objects.create(
            application=admitted, stage=stage, assigned_by=house.secretary, **dates, **fields
        )

    return make


def test_who_has_left_the_seat_is_not_reminded_to_assess(house, given):
    given(assessor=house.member, by_seat=True)
    house.member.seats.update(to_date=date(2025, 3, 16))
    assert remind_on(date(2025, 3, 17)) == []
    house.member.seats.update(to_date=date(2025, 3, 17))
    assert [row[1] for row in remind_on(date(2025, 3, 17))] == [house.member.email]


def test_those_who_assess_for_the_region_are_reminded_too(house, given):
    given(stage="region", assessor=house.committee_member, by_seat=True, status=Status.FORWARDED)
    assert [row[1] for row in remind_on(date(2025, 3, 17))] == [house.committee_member.email]


def test_nobody_is_reminded_to_assess_for_a_stage_that_is_over(house, given):
    given(status=Status.FORWARDED, entered="region")
    assert remind_on(date(2025, 3, 17)) == []


def test_nobody_is_reminded_to_assess_for_a_locked_list(house, given):
    given(stage="region", assessor=house.committee_member, status=Status.PRIORITISED)
    assert remind_on(date(2025, 3, 17)) == []


@pytest.mark.parametrize(("is_recused", "count"), [(True, 0), (None, 0), (False, 1)])
def test_who_is_inhabil_or_waits_for_a_word_on_it_is_not_reminded(house, given, is_recused, count):
    assigned = given().application
    tie = {"has_tie": True, "ground": "other", "explanation": "Søsken."}
    declaring.declare(assigned, **tie, by=house.assessor, at=NOW)
    if is_recused is not None:
        words = {"is_recused": is_recused, "ground": "other", "reason": "Vurdert."}
        decide_about(assigned, house.assessor, **words, by=house.secretary, at=NOW)
    assert len(remind_on(date(2025, 3, 17))) == count


def test_an_award_that_is_not_accepted_is_reminded_of_before_and_after_its_date(house):
    letter = letters.prepare(awarded(house), by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    assert remind_on(date(2025, 2, 24)) == []
    letters.send(letter, by=house.secretary, at=NOW)
    reminded = remind_on(date(2025, 2, 24), date(2025, 3, 4))
    # The contacts, and whoever can accept for the lead.
    recipients = [
        "kontakt-lead@example.org",
        "kontakt-partner@example.org",
        house.signatory.email,
        house.recused_member.email,
    ]
    assert {(row[1], row[2]) for row in reminded} == {
        (address, day) for address in recipients for day in (date(2025, 2, 24), date(2025, 3, 4))
    }
    assert "falle bort" in Message.objects.filter(kind="reminder_acceptance").first().body_text


def test_the_start_is_asked_for_until_it_is_told(house):
    accepted(house)
    reminded = remind_on(date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 15))
    assert sorted({(row[0], row[2]) for row in reminded}) == [
        ("start", date(2025, 3, 1)),
        ("start", date(2025, 3, 15)),
    ]
    assert {row[1] for row in reminded} == {
        "leder@example.org",
        "kontakt-lead@example.org",
        "kontakt-partner@example.org",
    }


@pytest.mark.requirement("R140")
def test_a_late_evaluation_is_told_to_the_secretariat_too(house):
    started(house)
    before = {row[1] for row in remind_on(date(2025, 9, 11), date(2025, 10, 27))}
    receiver = "samhandlingsleder.troms-ofoten@example.org"  # the round's own
    assert receiver not in before
    after = {row for row in remind_on(date(2025, 11, 11)) if row[2] == date(2025, 11, 11)}
    assert {row[1] for row in after} == before | {receiver}


def test_a_sent_evaluation_is_reminded_of_no_more(house):
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    assert remind_on(date(2025, 9, 11), date(2025, 11, 11)) == []


def test_running_twice_sends_once_and_the_mail_really_goes(house, inbox):
    accepted(house)
    day = date(2025, 3, 1)
    first = remind_on(day)
    assert remind_on(day, day) == first
    run_all_due(morning(day))
    assert len(inbox.to("leder@example.org")) == 1


def test_a_worker_that_was_away_sends_only_what_is_still_worth_it(house):
    started(house)
    late = date(2025, 11, 25)
    assert {row[2] for row in remind_on(late)} == {date(2025, 11, 24)}


def test_nobody_is_reminded_of_what_is_withdrawn(house):
    world = adopted(house)
    Application.objects.filter(pk=world.applications[0].pk).update(status=Status.WITHDRAWN)
    assert remind_on(date(2025, 2, 24), date(2025, 6, 1)) == []


def test_the_due_time_is_oslo_midnight_in_utc(house):
    accepted(house)
    remind(morning(date(2025, 3, 1)))
    assert {row.due_at for row in Reminder.objects.all()} == {datetime.fromisoformat("2025-02-28T23:00:00+00:00")}


@pytest.fixture
def many(house):
    """Assignments to the assessor, due on the given days, each of an application of its own."""
    round_ = factories.round_of(factories.definition("helse-nord-2025"), at=NOW)

    def make(*days):
        for day in days:
            admitted = application(house, round_, status=Status.ADMITTED)
            stages.enter(admitted, NOW, stage="community")
            Assignment.objects.create(
                application=admitted,
                stage=round_.stages.get(code="community"),
                assessor=house.assessor,
                assigned_by=house.secretary,
                due_date=day,
                assigned_at=NOW,
            )

    return make


@pytest.mark.fault("C16")
def test_c16_twelve_assessments_are_one_reminder(house, many):
    many(*[date(2025, 3, 20), date(2025, 3, 21)] * 6)
    rows = [row for row in remind_on(date(2025, 3, 18)) if row[0] == "assessment"]
    assert len(rows) == 12
    message = Message.objects.get(kind="reminder_assessment")
    assert (message.recipient, message.title) == (house.assessor.email, "12 vurderinger venter på deg")
    assert message.body_text.count("skal leveres innen 20.03.2025") == 6
    assert message.body_text.count("skal leveres innen 21.03.2025") == 6
    assert message.body_text.count("/assessment/") == 1
    remind_on(date(2025, 3, 19))
    assert Message.objects.filter(kind="reminder_assessment").count() == 1


@pytest.mark.fault("C16")
def test_c16_one_that_cannot_be_written_stops_no_other(house, many, monkeypatch):
    many(*[date(2025, 3, 20)] * 3)
    broken, queue = Assignment.objects.first().application_id, mail.queue

    def fails_with_one(template, *, context, **words):
        if any(item["application"].pk == broken for item in context["items"]):
            raise ValueError(template)
        return queue(template, context=context, **words)

    monkeypatch.setattr(mail, "queue", fails_with_one)
    assert [row[0] for row in remind_on(date(2025, 3, 18))].count("assessment") == 2
    monkeypatch.setattr(mail, "queue", queue)
    assert [row[0] for row in remind_on(date(2025, 3, 18))].count("assessment") == 3
