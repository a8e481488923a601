"""A meeting is opened beside a change of how its body decides: it never goes on under rules that changed under it."""

import pytest
from django.db import connection

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import from_list, habilitet, live, minutes, planning, resolving
from portal.clock import local_date
from portal.communities.models import Body
from portal.communities.services import bodies
from portal.journal import services as journal
from portal.journal.models import LogEntry
from rounds.models import Round
from rounds.services import load_round
from tests import world as base
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world
from tests.world import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


class Called:
    """A meeting that is called, on the list of a round; what opens it, and what changes how its body decides."""

    # What each change says when the meeting was opened first.
    REFUSALS = {"change_body": "BodyInSessionError", "change_seat": "SeatError", "change_round": "RoundInSessionError"}

    def __init__(self):
        self.house = base.house()
        self.meeting, _cases, self.at = world.list_meeting(self.house, 1)
        planning.call(self.meeting, by=self.house.secretary, at=self.at)

    def open(self):
        live.open_meeting(self.meeting, on_day=local_date(self.at), by=self.house.chair, at=self.at)

    def change_body(self):
        bodies.change_body(self.house.ssu, {"quorum_percent": 100}, by=self.house.secretary, at=NOW)

    def change_seat(self):
        seat = self.house.ssu.seats.get(user=self.house.chair)
        bodies.change_seat(seat, {"right": "speak"}, by=self.house.secretary, at=NOW)

    def change_round(self):
        spec = Round.objects.get().spec
        data = spec.to_data()
        data["stages"][-1]["decision_rule"] = "simple_majority"
        load_round(type(spec).model_validate(data), by=None, at=NOW)


def a_called_meeting():
    return images.world("a called meeting", Called)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", Called.REFUSALS)
def test_meeting_that_is_opened_first_keeps_its_rules(change, moment):
    called = a_called_meeting()
    before = Body.objects.get(pk=called.house.ssu.pk).decision_rules
    ends = interleave(called.open, getattr(called, change), moment)
    assert ends == ("done", Called.REFUSALS[change])
    assert Body.objects.get(pk=called.house.ssu.pk).decision_rules == before
    assert (Meeting.objects.get().status, Round.objects.get().version) == ("open", 1)
    assert journal.verify() is None


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", Called.REFUSALS)
def test_change_that_is_made_first_is_what_the_meeting_is_opened_with(change, moment):
    called = a_called_meeting()
    assert interleave(getattr(called, change), called.open, moment) == ("done", "done")
    acts = LogEntry.objects.filter(act__in=["meeting.opened", "body.changed", "seat.changed", "round.changed"])
    assert acts.order_by("pk").values_list("act", flat=True).last() == "meeting.opened"
    assert journal.verify() is None


class Closed:
    """A meeting that was closed, with what can be done to it at one time."""

    def __init__(self):
        self.house = base.house()
        self.meeting, self.cases, self.at = world.list_meeting(self.house, 1)
        self.meeting = world.opened(self.house, self.meeting, self.at, *world.everybody(self.house))
        resolving.postpone_rest(self.meeting, reason="Tiden var ute.", by=self.house.chair, at=self.at)
        self.record = live.close_meeting(self.meeting, by=self.house.chair, at=self.at)
        self.later = world.planned(self.house, self.at)

    def reopen(self):
        live.reopen_meeting(self.meeting, why="Feil.", by=self.house.chair, at=self.at)

    def adopt(self):
        minutes.adopt(self.record, by=self.house.secretary, at=self.at)

    def reopen_case(self):
        resolving.reopen(self.cases[0], why="Feil.", by=self.house.chair, at=self.at)

    def put_up(self):
        from_list.add_cases(self.later, self.cases[0].priority_list, by=self.house.secretary, at=self.at)


@pytest.mark.parametrize("moment", ["holding its first row", "holding the log"])
def test_minutes_are_adopted_or_the_meeting_goes_on(moment):
    closed = images.world("a closed meeting", Closed)
    # Reopening holds the body's row before the meeting's, so the minutes may come first.
    reopened, adopted = interleave(closed.reopen, closed.adopt, moment)
    assert sorted([reopened, adopted]) == ["MeetingError", "done"]
    expected = "open" if reopened == "done" else "adopted"
    assert Meeting.objects.get(pk=closed.meeting.pk).status == expected
    assert journal.verify() is None


@pytest.mark.parametrize("moment", ["holding its first row", "holding the log"])
def test_a_postponed_case_is_opened_again_or_put_up_elsewhere(moment):
    closed = images.world("a closed meeting", Closed)
    closed.reopen()
    put_up, reopened = interleave(closed.put_up, closed.reopen_case, moment)
    assert (put_up, reopened) in {("done", "MeetingError"), ("done", "done")}
    # Opened again where it was, it is left out of the other meeting.
    is_open_here = Case.objects.get(pk=closed.cases[0].pk).status == "prepared"
    assert (is_open_here, closed.later.cases.count()) == ((reopened == "done"), 1 if is_open_here else 2)
    assert journal.verify() is None


class InSession:
    """A meeting going on, in which the chair has asked about a member who has not come; what is done at one time."""

    def __init__(self):
        self.house = base.house()
        meeting, cases, self.at = world.list_meeting(self.house, 1)
        present = [person for person in world.everybody(self.house) if person != self.house.member]
        self.meeting = world.opened(self.house, meeting, self.at, *present)
        self.case = Case.objects.get(pk=cases[0].pk)
        line, words = world.line(self.meeting, self.house.member), {"ground": Ground.OTHER, "explanation": "Søsken."}
        self.question = habilitet.raise_question(self.case, line, **words, by=self.house.chair, at=self.at)

    def take_back(self):
        habilitet.withdraw_question(self.case, self.question, reason="Feil.", by=self.house.chair, at=self.at)

    def decide(self):
        words = {"is_recused": True, "reason": "Søsken."}
        habilitet.decide_question(self.case, self.question, **words, by=self.house.vice_chair, at=self.at)

    def open_ballot(self):
        world.ballot_on(self.house, self.case, self.at, outcome="rejected")

    def report_all(self):
        live.arrive_all(self.meeting, by=self.house.chair, at=self.at)

    def close(self):
        live.close_meeting(self.meeting, by=self.house.vice_chair, at=self.at)


def in_session():
    return images.world("a meeting in session", InSession)


@pytest.mark.parametrize("moment", MOMENTS)
def test_question_is_taken_back_or_decided_not_both(moment):
    session = in_session()
    assert interleave(session.take_back, session.decide, moment) == ("done", "MeetingConflictError")
    assert not Habilitet.objects.filter(person=session.house.member).exists()


@pytest.mark.parametrize("moment", MOMENTS)
def test_question_that_is_decided_is_not_taken_back(moment):
    session = in_session()
    assert interleave(session.decide, session.take_back, moment) == ("done", "MeetingConflictError")
    assert Habilitet.objects.get(person=session.house.member).is_recused is True


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_ballot_is_opened_while_a_question_waits(moment):
    session = in_session()
    assert interleave(session.report_all, session.open_ballot, moment) == ("done", "MeetingError")
    assert interleave(session.take_back, session.open_ballot, moment) == ("done", "done")


@pytest.mark.parametrize("moment", MOMENTS)
def test_nobody_is_reported_in_when_the_meeting_is_closed(moment):
    session = in_session()
    resolving.postpone_rest(session.meeting, reason="Tiden var ute.", by=session.house.vice_chair, at=session.at)
    assert interleave(session.close, session.report_all, moment) == ("done", "MeetingError")
    assert world.line(session.meeting, session.house.member).arrived_at is None
    assert journal.verify() is None
