"""The round that has come to its meeting: the list frozen, its cases put up, a ballot open, some letters to write."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from applications.models import Application
from evaluation.assessment.documents import PRIORITY_LIST
from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries import board as boards
from evaluation.assessment.services import freezing
from evaluation.decisions.models import Letter
from evaluation.decisions.services import deciding, letters
from evaluation.meetings.models import Attendance, Case, Choice, Meeting, Resolution
from evaluation.meetings.services import balloting, from_list, live, planning
from portal.clock import local_date
from portal.documents import services as documents
from scripts.bench.house import House, turn_of

LETTERS = 12


def freeze(house: House, listed: PriorityList, at: datetime) -> None:
    """Freeze the list with the snapshot that the room would make; the applications stand as prioritised already."""
    turn = turn_of(house, listed.round)
    board = boards.rows(listed)
    secretary = house.home.secretary
    content = freezing.snapshot(turn, listed, board, by=secretary, at=at)
    listed.document = documents.freeze(PRIORITY_LIST, turn.code, content, tenant=turn.tenant, by=secretary, at=at)
    listed.frozen_at, listed.frozen_by = at, secretary
    listed.save()


def hold(house: House, listed: PriorityList, at: datetime) -> tuple[Meeting, list[Case]]:
    """A meeting going on, all there but the member with a strong tie; a ballot is open, and one vote is cast."""
    home = house.home
    meeting = planning.plan(home.ssu, starts_at=at + timedelta(hours=1), location="Møterom 3", by=home.secretary, at=at)
    cases = from_list.add_cases(meeting, listed, by=home.secretary, at=at)
    planning.call(meeting, by=home.secretary, at=at)
    live.open_meeting(meeting, on_day=local_date(at), by=home.chair, at=at)
    present = Attendance.objects.filter(meeting=meeting, seat__deputy_for=None).exclude(seat__user=home.recused_member)
    for line in present.select_related("seat__user"):
        live.arrive(line, by=home.chair, at=at)
    case = next(case for case in cases[len(cases) // 2 :] if case.recommendation and case.recommendation.amount)
    live.go_to(Meeting.objects.get(pk=meeting.pk), case, by=home.chair, at=at)
    case = Case.objects.select_related("recommendation", "paper").get(pk=case.pk)
    ballot = balloting.open_ballot(
        case, proposal=case.paper.proposal, outcome=case.recommendation.outcome, amount=case.recommendation.amount,
        by=home.chair, at=at,
    )  # fmt: skip
    balloting.cast(ballot, choice=Choice.FOR, by=home.chair, at=at)
    return meeting, cases


def write_letters(house: House, cases: Sequence[Case], at: datetime) -> list[Letter]:
    """Resolutions, decisions and draft letters of the first cases."""
    home = house.home
    made = []
    for case in cases[:LETTERS]:
        row = case.recommendation
        application = Application.objects.select_related("community", "round").get(pk=case.application_id)
        resolution = Resolution.objects.create(
            case=case, text="SSU vedtar innstillingen.", outcome=row.outcome, amount=row.amount, reason=row.reason,
            adopted_by=home.chair, adopted_at=at,
        )  # fmt: skip
        decision = deciding.decide(
            application, outcome=row.outcome, amount=row.amount, reason=row.reason, body=home.ssu,
            resolution=resolution, by=home.secretary, at=at,
        )  # fmt: skip
        made.append(letters.prepare(decision, by=home.hospital_secretary, at=at))
    return made
