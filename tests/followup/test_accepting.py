"""Accepting an award, and telling when operation starts."""

from datetime import date

import pytest

from applications.services.status import TransitionError
from applications.workflow import Status
from evaluation.decisions.models import Decision
from evaluation.followup.models import Acceptance, DeclinedAward, EvaluationReport
from evaluation.followup.services import accepting
from evaluation.followup.services.accepting import AdjustmentError, StartDateError
from evaluation.followup.waiting import projects
from evaluation.meetings.models import Resolution
from portal.clock import end_of_day
from portal.journal.models import LogEntry
from portal.mail.models import Message
from rounds.questions import frame_state
from tests.followup.world import accepted, awarded, started, told
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_accepting_sets_a_provisional_date_from_the_planned_start_and_tells_the_secretariat(house):
    acceptance = accepted(house)
    assert acceptance.decision.application.status == Status.ACCEPTED
    assert (acceptance.evaluation.due_date, acceptance.evaluation.is_provisional) == (date(2025, 12, 1), True)
    messages = Message.objects.filter(kind="award_accepted").order_by("recipient")
    assert [message.recipient for message in messages] == [
        "post.unn@example.org",
        "samhandlingsleder.troms-ofoten@example.org",
    ]


def test_the_start_is_due_at_the_end_of_its_day(house):
    accepted(house)
    (task,) = projects(house.applicant, NOW)
    assert (task.title[:17], task.due_at) == ("Meld driftsstart:", end_of_day(date(2025, 3, 1)))


def test_two_who_accept_at_once_make_one_acceptance(house):
    decision = told(house)
    same = type(decision).objects.get(pk=decision.pk)
    assert same.application.status == Status.GRANTED
    accepted(house, decision)
    with pytest.raises(TransitionError):
        accepted(house, same)
    assert Acceptance.objects.count() == 1


def test_a_part_award_is_accepted_with_what_it_changes(house):
    acceptance = accepted(house, told(house, "partly_granted", 400_000), adjustment=" Én skole mindre. ")
    assert acceptance.adjustment == "Én skole mindre."


def test_a_part_award_is_not_accepted_without_saying_what_it_changes(house):
    with pytest.raises(AdjustmentError, match="tilpasser prosjektet og budsjettet"):
        accepted(house, told(house, "partly_granted", 400_000), adjustment=" ")
    assert not Acceptance.objects.exists()


@pytest.mark.requirement("R151")
@pytest.mark.parametrize(("outcome", "amount"), [("granted", 1_000_000), ("partly_granted", 400_000)])
def test_an_evaluation_is_owed_for_an_award_also_in_part(house, outcome, amount):
    more = {"adjustment": "Én skole mindre."} if outcome == "partly_granted" else {}
    accepted(house, told(house, outcome, amount), **more)
    assert EvaluationReport.objects.get().due_date == date(2025, 12, 1)


@pytest.mark.requirement("R151")
@pytest.mark.parametrize("outcome", ["rejected", "postponed"])
def test_no_evaluation_is_owed_without_an_award(house, outcome):
    with pytest.raises(TransitionError):
        accepted(house, told(house, outcome, None))
    assert not EvaluationReport.objects.exists()


def decline(house, decision):
    return accepting.decline(decision, reason=" Vi mangler folk. ", by=house.signatory, at=NOW)


def test_a_declined_award_is_withdrawn_logged_and_told_to_the_secretariat(house):
    application = decline(house, told(house)).decision.application
    assert (application.status, DeclinedAward.objects.get().reason) == (Status.WITHDRAWN, "Vi mangler folk.")
    entry = LogEntry.objects.get(act="application.decline_award")
    assert (entry.data["source"], entry.data["target"]) == ("granted", "withdrawn")
    messages = Message.objects.filter(kind="award_declined").order_by("recipient")
    assert [message.recipient for message in messages] == [
        "post.unn@example.org",
        "samhandlingsleder.troms-ofoten@example.org",
    ]
    assert ["Vi mangler folk." in message.body_text for message in messages] == [True, True]


def test_a_declined_award_no_longer_counts_as_granted(house):
    decision = told(house)
    round_ = decision.application.round
    assert frame_state(round_).granted == 1_000_000
    decline(house, decision)
    assert frame_state(round_).granted == 0


@pytest.mark.parametrize(("first", "then"), [(decline, decline), (accepted, decline), (decline, accepted)])
def test_an_award_is_answered_once(first, then, house):
    decision = told(house)
    same = type(decision).objects.get(pk=decision.pk)
    assert same.application.status == Status.GRANTED
    first(house, decision)
    with pytest.raises(TransitionError):
        then(house, same)
    assert Acceptance.objects.count() + DeclinedAward.objects.count() == 1


def test_an_award_that_is_not_told_is_not_declined(house):
    with pytest.raises(TransitionError):
        decline(house, awarded(house))
    assert not DeclinedAward.objects.exists()


def test_a_planned_start_before_the_decision_is_refused(house):
    with pytest.raises(StartDateError, match="før vedtaket"):
        accepting.accept(
            awarded(house),
            account_number="86011117947",
            planned_start_date=date(2025, 2, 9),
            responsible_name="P",
            responsible_email="p@example.org",
            by=house.signatory,
            at=NOW,
        )
    assert not Acceptance.objects.exists()


@pytest.mark.requirement("R140")
def test_the_actual_start_sets_the_date_nine_calendar_months_later(house):
    acceptance = started(house)
    acceptance.decision.application.refresh_from_db()
    assert acceptance.decision.application.status == Status.IN_OPERATION
    assert (acceptance.evaluation.due_date, acceptance.evaluation.is_provisional) == (date(2025, 11, 10), False)


@pytest.mark.parametrize(
    ("day", "sentence"), [(date(2025, 2, 11), "fram i tid"), (date(2025, 2, 9), "før vedtaket 10.02.2025")]
)
def test_a_start_that_cannot_be_true_is_refused(house, day, sentence):
    acceptance = accepted(house)
    with pytest.raises(StartDateError, match=sentence):
        accepting.record_start(acceptance, day, by=house.applicant, at=NOW)
    acceptance.refresh_from_db()
    assert acceptance.operation_started_date is None


@pytest.mark.fault("B13")
def test_a_start_between_the_meeting_and_the_registration_of_its_decision_is_taken(house):
    decision = told(house)
    Resolution.objects.update(adopted_at=NOW.replace(month=1))
    decision = Decision.objects.get(pk=decision.pk)
    assert decision.adopted_on < date(2025, 2, 1) < decision.decided_at.date()
    acceptance = accepted(house, decision)
    accepting.record_start(acceptance, date(2025, 2, 1), by=house.applicant, at=NOW)
    assert acceptance.operation_started_date == date(2025, 2, 1)


def test_a_corrected_start_moves_the_date_and_the_log_keeps_both(house):
    decision = told(house)
    Resolution.objects.update(adopted_at=NOW.replace(month=1))
    acceptance = accepted(house, decision)
    accepting.record_start(acceptance, date(2025, 2, 10), by=house.applicant, at=NOW)
    accepting.record_start(acceptance, date(2025, 1, 31), by=house.applicant, at=NOW)
    assert acceptance.evaluation.due_date == date(2025, 10, 31)
    assert [entry.data for entry in LogEntry.objects.filter(act="operation.recorded").order_by("number")] == [
        {"started": "2025-02-10", "earlier": None, "due": "2025-11-10"},
        {"started": "2025-01-31", "earlier": "2025-02-10", "due": "2025-10-31"},
    ]
