"""The only writer of a status: it checks the table, and of two who press at once one wins."""

import pytest

from applications.models import Application
from applications.services.status import StageError, TransitionError, advance
from applications.workflow import BY_NAME, CHECKS, DECIDABLE_STATUSES, StageState, Status
from portal.journal import queries as journal
from tests import stages
from tests.applications import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


def stands_in(application, status, **fields):
    """Another person's view of the application in that status."""
    sent = None if status == Status.DRAFT else application.updated_at
    Application.objects.filter(pk=application.pk).update(status=status, submitted_at=sent, **fields)
    seen = Application.objects.get(pk=application.pk)
    deciding = seen.round.spec.deciding_stage.code
    stages.enter(seen, application.updated_at, stage=deciding if status in DECIDABLE_STATUSES else "")
    return seen


@worlds.world
def empty(house, northern):
    return world.draft(house, northern)


@pytest.mark.parametrize("status", Status)
def test_advance_follows_the_table(empty, secretary, at, status):
    for name, line in BY_NAME.items():
        application = stands_in(empty, status, announced_at=at)
        if name in CHECKS:
            application.stage_entries.open().update(state=StageState.RECEIVED)
        expected = line.target if status in line.sources else status
        try:
            # A draft that is brought back was never sent.
            sent_at = None if line.target == Status.DRAFT else at
            advance(application, name, by=secretary, at=at, changes={"submitted_at": sent_at})
        except TransitionError:
            assert status not in line.sources
        assert Application.objects.get(pk=empty.pk).status == expected


@pytest.mark.parametrize("name", ["take_in", "refuse_admission"])
def test_what_a_later_stage_has_taken_in_is_not_checked_there_again(empty, secretary, at, name):
    application = stands_in(empty, Status.FORWARDED)
    assert [entry.state for entry in application.stage_entries.all()] == ["in_work"]
    with pytest.raises(StageError, match="allerede kontrollert"):
        advance(application, name, by=secretary, at=at)
    application.refresh_from_db()
    assert (application.status, application.stage_entry.state) == ("forwarded", "in_work")


def test_advance_writes_the_journal_and_the_changes(empty, secretary, at):
    application = stands_in(empty, Status.SUBMITTED)
    advance(application, "admit", by=secretary, at=at, changes={"receipt": "NR-1"}, stage="community")
    application.refresh_from_db()
    assert (application.status, application.receipt, application.updated_at) == (Status.ADMITTED, "NR-1", at)
    entry = journal.entries_of(application).get()
    assert (entry.act, entry.actor, entry.at, entry.community_code, entry.data) == (
        "application.admit",
        secretary,
        at,
        "troms-ofoten",
        {"source": "submitted", "target": "admitted", "stage": "community"},
    )


def test_second_of_two_who_press_at_once_gets_a_sentence(empty, secretary, at):
    first, second = stands_in(empty, Status.SUBMITTED), stands_in(empty, Status.SUBMITTED)
    advance(second, "admit", by=secretary, at=at)
    with pytest.raises(TransitionError) as refusal:
        advance(first, "request_correction", by=secretary, at=at)
    assert str(refusal.value) == (
        "Noen andre har endret søknaden i mellomtiden. Den har nå status «Til vurdering». "
        "Last siden på nytt og se hva som gjelder."
    )
    assert [entry.act for entry in journal.entries_of(first)] == ["application.admit"]


def test_withdrawal_between_read_and_write_wins(empty, applicant, secretary, at):
    seen = stands_in(empty, Status.ADMITTED)
    advance(stands_in(empty, Status.ADMITTED), "withdraw", by=applicant, at=at)
    with pytest.raises(TransitionError, match="Trukket"):
        advance(seen, "prioritise", by=secretary, at=at)
    assert Application.objects.get(pk=empty.pk).status == Status.WITHDRAWN


def test_same_act_twice_is_refused_the_second_time(empty, secretary, at):
    first, second = stands_in(empty, Status.SUBMITTED), stands_in(empty, Status.SUBMITTED)
    advance(first, "admit", by=secretary, at=at)
    with pytest.raises(TransitionError, match="Noen andre"):
        advance(second, "admit", by=secretary, at=at)


def test_act_that_the_status_does_not_allow_says_so(empty, secretary, at):
    with pytest.raises(TransitionError) as refusal:
        advance(empty, "admit", by=secretary, at=at)
    assert str(refusal.value) == "«Ta søknaden til vurdering» går ikke nå. Søknaden har status «Utkast»."
