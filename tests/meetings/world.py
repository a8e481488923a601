"""A meeting of the house's SSU: short ways to where this room's tests start."""

from datetime import timedelta

from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries import turns
from evaluation.meetings.models import Attendance, Ballot, Case, CaseKind, Meeting
from evaluation.meetings.queries.proposed import latest_ballot, shown_sum
from evaluation.meetings.services import balloting, from_list, live, planning
from portal.clock import local_date
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world as assessments


def as_shown(case):
    """What the page of the case carries to the press that adopts its proposal, or puts it to the vote."""
    case = Case.objects.get(pk=case.pk)
    return {"shown": shown_sum(latest_ballot(case), balloting.proposal_to_vote(case))}


def line(meeting, person):
    """The person's line on the roll."""
    return Attendance.objects.select_related("seat__user").get(meeting=meeting, seat__user=person)


def planned(home, at, body=None):
    """A meeting of the SSU next week, without cases."""
    return planning.plan(
        body or home.ssu, starts_at=at + timedelta(days=7), location="Møterom 3", by=home.secretary, at=at
    )


def own_case(home, meeting, at, title="Retningslinjer for bruk av midlene", kind=CaseKind.DECISION, proposal=""):
    """A case of its own with a proposal."""
    case = planning.add_case(meeting, kind=kind, title=title, by=home.secretary, at=at)
    texts = {"proposal": proposal or "1. SSU godkjenner retningslinjene."}
    planning.write_paper(case, texts={**texts, "title": title}, by=home.secretary, at=at)
    return Case.objects.get(pk=case.pk)


def opened(home, meeting, at, *present):
    """The meeting called and set, with these people in it."""
    planning.call(meeting, by=home.secretary, at=at)
    live.open_meeting(meeting, on_day=local_date(at), by=home.chair, at=at)
    for person in present:
        live.arrive(line(meeting, person), by=home.chair, at=at)
    return Meeting.objects.get(pk=meeting.pk)


def everybody(home):
    """The voting members of the SSU."""
    return home.chair, home.recused_member, home.vice_chair, home.member


def in_session(home, at, rule=None, **body):
    """A meeting going on, all members there, on a case of its own; the body's rule and quorum as given."""
    if rule:
        body["decision_rule"] = rule
    for name, value in body.items():
        setattr(home.ssu, name, value)
    home.ssu.save()
    meeting = planned(home, at)
    case = own_case(home, meeting, at)
    return opened(home, meeting, at, *everybody(home)), case


def ballot_on(home, case, at, **proposal):
    """An open ballot."""
    proposal.setdefault("proposal", "1. SSU godkjenner retningslinjene.")
    return balloting.open_ballot(case, by=home.chair, at=at, **proposal)


def vote(ballot, at, **choices):
    """Votes by person: ``vote(ballot, at, chair="for")`` with ``people`` beside it."""
    people = choices.pop("of")
    for role, choice in choices.items():
        balloting.cast(ballot, choice=choice, by=getattr(people, role), at=at)
    return Ballot.objects.get(pk=ballot.pk)


def deciding_list(home, count=2, amount=450_000, stage=None):
    """A frozen list of the 2024 round, where the SSU has the last word; gives the list and the time.

    ``stage`` are other fields of the round's stage than its file has, for example another ``decision_rule``.
    """
    spec = applications_world.definition("troms-ofoten-2024")
    stages = [{**part, **(stage or {})} for part in spec.to_data()["stages"]]
    round_ = factories.round_of(factories.changed(spec, stages=stages))
    at = round_.closes_at + timedelta(days=1)
    for number in range(1, count + 1):
        assessments.sent(home, round_, at, title=f"Prosjekt {number}", amount=amount)
    turn = assessments.turn(round_, round_.spec.deciding_stage.code, home.community)
    assessments.frozen(turn, home.secretary, at)
    for application in round_.applications.all():
        answered(home.recused_member, application, at)
    return turns.priority_list_of(turn), at


def answered(person, application, at):
    """The person has answered that nothing makes him or her inhabil, and the portal saw no tie then."""
    Habilitet.objects.create(application=application, person=person, has_tie=False, declared_at=at)


def list_meeting(home, count=2, stage=None):
    """A planned meeting with the cases of a frozen list; gives the meeting, its cases in order, and the time."""
    priority_list, at = deciding_list(home, count, stage=stage)
    meeting = planned(home, at)
    cases = from_list.add_cases(meeting, priority_list, by=home.secretary, at=at)
    return meeting, cases, at
