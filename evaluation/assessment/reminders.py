"""The reminders of the room: assessments that are not delivered."""

from collections.abc import Iterator
from datetime import date

from applications.reminders import waiting
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assignment
from evaluation.assessment.queries.desk import is_of_person, undelivered_with_assessor
from evaluation.assessment.queries.habilitet import state_of
from portal.reminders.windows import due_reminder
from portal.rooms import Waiting

ASSESSMENT_OFFSETS = (-3, 1, 7)


def assessments(today: date) -> Iterator[Waiting]:
    """A reminder for each assessment that is not delivered, to the assessors who still may deliver."""
    for assignment in undelivered_with_assessor():
        if due_reminder(assignment.due_date, ASSESSMENT_OFFSETS, today) and _may_assess(assignment, today):
            addresses = [assignment.assessor.email]
            yield waiting(assignment, assignment.application, assignment.due_date, ASSESSMENT_OFFSETS, addresses)


def _may_assess(assignment: Assignment, today: date) -> bool:
    """Whether the assessor may assess: still has the seat, and is neither inhabil nor waits for a decision on it."""
    state = state_of(assignment.assessor_id, assignment.application)
    return state not in {State.RECUSED, State.PENDING} and is_of_person(assignment, today)
