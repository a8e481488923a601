"""The reminders of the room: assessments that are not delivered."""

from collections.abc import Iterator
from datetime import date

from applications.reminders import waiting
from evaluation.assessment.queries.desk import waiting_for_assessor
from portal.reminders.windows import deadlines_due
from portal.rooms import Waiting

ASSESSMENT_OFFSETS = (-3, 1, 7)


def assessments(today: date) -> Iterator[Waiting]:
    """A reminder for each assessment that is not delivered, to the assessors who still may deliver."""
    for assignment in waiting_for_assessor(today, deadlines_due(ASSESSMENT_OFFSETS, today)):
        addresses = [assignment.assessor.email]
        yield waiting(assignment, assignment.application, assignment.due_date, ASSESSMENT_OFFSETS, addresses)
