"""Adopted resolutions become decisions: once, with reasons, within what was asked for."""

import pytest

from applications.models import Application
from applications.services import submitting
from applications.services.status import TransitionError
from applications.workflow import Status
from evaluation.assessment.models import Admission, Recommendation
from evaluation.decisions.models import Decision
from evaluation.decisions.queries.registering import meetings_to_decide, undecided_minutes, undecided_resolutions
from evaluation.decisions.services.deciding import (
    DecisionError,
    decide,
    decide_from_minutes,
    decide_resolution,
    decide_without_meeting,
)
from evaluation.meetings.models import Case, Meeting, MeetingStatus, Resolution
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests.decisions.world import adopted, application
from tests.habilitet import decide_about
from tests.world import NOW

pytestmark = pytest.mark.django_db

# What a case that is taken up again has of the one before.
CARRIED = ("body", "year", "title", "application", "priority_list", "recommendation")
OUTCOMES = (
    ("granted", 1_000_000, Status.GRANTED),
    ("partly_granted", 500_001, Status.PARTLY_GRANTED),
    ("rejected", None, Status.REJECTED),
    ("postponed", None, Status.POSTPONED),
    ("not_prioritised", None, Status.REJECTED),
)


@pytest.mark.requirement("R5")
def test_each_resolution_becomes_the_decision_it_says(house):
    world = adopted(house, [(outcome, amount) for outcome, amount, _status in OUTCOMES])
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    for decided in world.applications:
        decided.refresh_from_db()
    assert [decided.status for decided in world.applications] == [status for _outcome, _amount, status in OUTCOMES]
    assert [(decision.outcome, decision.amount) for decision in made] == [
        ("granted", 1_000_000),
        ("partly_granted", 500_001),
        ("rejected", None),
        ("postponed", None),
        ("rejected", None),
    ]
    assert made[1].amounts_by_year == {2024: 150_000, 2025: 350_001}
    assert {decision.reason for decision in made} == {"Utvalgets begrunnelse."}
    assert made[0].conditions == "Rapporter hvert halvår."
    assert [decision.body for decision in made] == [house.ssu] * 5


@pytest.mark.fault("B1")
@pytest.mark.parametrize(("outcome", "amount"), [("rejected", None), ("partly_granted", 400_000)])
def test_a_reason_is_never_inherited_from_a_recommendation_of_something_else(house, outcome, amount):
    world = adopted(house, [(outcome, amount)])
    Recommendation.objects.update(outcome="granted", amount=1_000_000)
    Resolution.objects.update(reason="", conditions=None)
    with pytest.raises(DecisionError, match="Sak 1/25: Vedtaket mangler begrunnelse, og innstillingen sa noe annet"):
        decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    Resolution.objects.update(reason="Utvalgets begrunnelse.")
    (made,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert (made.reason, made.conditions) == ("Utvalgets begrunnelse.", "")


def test_a_withdrawn_application_is_left_out_and_the_others_are_decided(house):
    world = adopted(house, [("granted", 100), ("granted", 200), ("rejected", None)])
    first, withdrawn, last = world.applications
    submitting.withdraw(withdrawn, by=house.applicant, at=NOW)
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert [(decision.application_id, decision.outcome) for decision in made] == [
        (first.pk, "granted"),
        (last.pk, "rejected"),
    ]
    # Nothing is left to do, on the page of the round and on the front page.
    standing = standing_at(house.secretary, NOW)
    assert (list(meetings_to_decide(world.round, standing)), undecided_minutes(standing)) == ([], [])
    assert Application.objects.get(pk=withdrawn.pk).status == Status.WITHDRAWN


def test_a_meeting_with_withdrawn_applications_only_waits_for_nobody(house):
    world = adopted(house)
    submitting.withdraw(world.applications[0], by=house.applicant, at=NOW)
    standing = standing_at(house.secretary, NOW)
    assert (list(meetings_to_decide(world.round, standing)), undecided_minutes(standing)) == ([], [])
    assert decide_from_minutes(world.meeting, by=house.secretary, at=NOW) == []


def test_a_resolution_that_is_refused_stops_no_other_and_is_named(house):
    world = adopted(house, [("rejected", None), ("granted", 200), ("granted", 300)])
    Recommendation.objects.filter(application=world.applications[0]).update(outcome="granted", amount=1_000_000)
    Resolution.objects.filter(case__application=world.applications[0]).update(reason="")
    with pytest.raises(DecisionError) as refusal:
        decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert str(refusal.value) == (
        "2 vedtak er registrert. "
        "Sak 1/25: Vedtaket mangler begrunnelse, og innstillingen sa noe annet. Utvalget må si hvorfor."
    )
    assert sorted(Decision.objects.values_list("amount", flat=True)) == [200, 300]
    assert LogEntry.objects.filter(act="decision.made").count() == 2


def test_what_changed_after_the_list_was_read_is_seen_under_the_lock(house):
    world = adopted(house, [("granted", 100), ("granted", 200)])
    seen = list(undecided_resolutions(world.meeting))
    submitting.withdraw(world.applications[0], by=house.applicant, at=NOW)
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert [decide_resolution(resolution, by=house.secretary, at=NOW) for resolution in seen] == [None, None]
    assert Decision.objects.get().amount == 200


def test_who_is_found_inhabil_meanwhile_decides_nothing_in_the_case(house):
    world = adopted(house)
    (seen,) = undecided_resolutions(world.meeting)
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(world.applications[0], house.secretary, **words, at=NOW)
    with pytest.raises(DecisionError, match="Du er inhabil i saken"):
        decide_resolution(seen, by=house.secretary, at=NOW)
    assert not Decision.objects.exists()


def test_what_is_postponed_again_is_decided_as_postponed_again(house):
    world = adopted(house, [("postponed", None)])
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    later = Meeting.objects.create(
        body=house.ssu, starts_at=NOW, location="Teams", status=MeetingStatus.ADOPTED, created_at=NOW
    )
    first = Case.objects.get()
    kept = {name: getattr(first, name) for name in CARRIED}
    case = Case.objects.create(**kept, meeting=later, number=9, position=1, follows=first, created_at=NOW)
    words = {"text": "Utsettes.", "outcome": "postponed", "reason": "Det mangler et svar."}
    Resolution.objects.create(case=case, **words, adopted_by=house.chair, adopted_at=NOW)
    (second,) = decide_from_minutes(later, by=house.secretary, at=NOW)
    assert list(Decision.objects.in_force()) == [second]
    assert Application.objects.get().status == Status.POSTPONED


def test_what_was_resolved_as_recommended_before_reasons_were_asked_for_keeps_that_reason(house):
    world = adopted(house)
    Resolution.objects.update(reason="", conditions=None)
    (made,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert (made.reason, made.conditions) == ("Innstillingens begrunnelse.", "Rapporter hvert halvår.")


def test_the_decision_is_in_the_log_with_its_case(house):
    world = adopted(house)
    (made,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    entry = LogEntry.objects.get(act="decision.made")
    assert entry.data == {"outcome": "granted", "amount": 1_000_000, "decision": made.pk, "case": "1/25"}
    assert entry.actor == house.secretary


def test_running_it_again_decides_nothing_more(house):
    world = adopted(house)
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert decide_from_minutes(world.meeting, by=house.secretary, at=NOW) == []
    assert Decision.objects.count() == 1


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("status", [MeetingStatus.PLANNED, MeetingStatus.OPEN, MeetingStatus.CLOSED])
def test_minutes_that_are_not_adopted_decide_nothing(house, status):
    world = adopted(house, status=status)
    with pytest.raises(DecisionError, match="Protokollen må være godkjent"):
        decide_from_minutes(world.meeting, by=house.secretary, at=NOW)


def test_a_stage_that_only_prioritises_decides_nothing(house):
    world = adopted(house, name="helse-nord-2025")
    world.priority_list.stage = world.round.stages.get(code="community")
    world.priority_list.save()
    assert decide_from_minutes(world.meeting, by=house.secretary, at=NOW) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": "rejected", "amount": None, "reason": "  "}, "mangler begrunnelse"),
        ({"outcome": "granted", "amount": None, "reason": "Bra"}, "mangler beløp"),
        ({"outcome": "granted", "amount": 0, "reason": "Bra"}, "mangler beløp"),
        ({"outcome": "rejected", "amount": 5, "reason": "Bra"}, "Bare en innvilgelse"),
        ({"outcome": "granted", "amount": 1_000_001, "reason": "Bra"}, "mer enn det er søkt om"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused_with_a_sentence(house, fields, sentence):
    world = adopted(house)
    with pytest.raises(DecisionError, match=sentence):
        decide(world.applications[0], **fields, by=house.secretary, at=NOW)
    assert not Decision.objects.exists()


def test_two_who_decide_at_once_make_one_decision(house):
    world = adopted(house)
    (first,) = world.applications
    second = type(first).objects.get(pk=first.pk)
    decide(first, outcome="rejected", amount=None, reason="A", by=house.secretary, at=NOW)
    with pytest.raises(TransitionError):
        decide(second, outcome="granted", amount=1, reason="B", by=house.hospital_secretary, at=NOW)
    assert Decision.objects.get().outcome == "rejected"


def test_a_postponed_application_is_decided_anew_and_both_decisions_are_kept(house):
    world = adopted(house, [("postponed", None)])
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    (postponed,) = world.applications
    postponed.refresh_from_db()
    decide(postponed, outcome="granted", amount=10, reason="Nå", by=house.secretary, at=NOW)
    assert list(Decision.objects.in_force().values_list("outcome", flat=True)) == ["granted"]
    assert Decision.objects.count() == 2


def test_an_application_that_was_not_admitted_is_decided_with_the_reason_already_given(house):
    world = adopted(house)
    refused = application(house, world.round, status=Status.NOT_ADMITTED)
    Admission.objects.create(
        application=refused,
        stage=refused.round.first_stage,
        submission=refused.submissions.get(),
        admitted=False,
        reason="Ingen partner.",
        decided_by=house.secretary,
        decided_at=NOW,
    )
    made = decide_without_meeting(refused, by=house.secretary, at=NOW)
    assert (made.outcome, made.reason, made.amount) == ("not_admitted", "Ingen partner.", None)


@pytest.mark.requirement("R5")
def test_an_application_that_waits_for_a_meeting_is_not_decided_without_one(house):
    world = adopted(house)
    with pytest.raises(DecisionError, match="i et møte"):
        decide_without_meeting(world.applications[0], by=house.secretary, at=NOW)
