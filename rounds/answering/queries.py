"""Reads of the form engine."""

from collections.abc import Sequence

from rounds.answering.models import Answer
from rounds.answering.owner import Owner
from rounds.definition import Question


def stored_answers(owner: Owner, questions: Sequence[Question]) -> dict[str, Answer]:
    """The answers to these questions, by question."""
    codes = [question.code for question in questions]
    found = Answer.objects.filter(response=owner.response_id, question__in=codes)
    return {answer.question: answer for answer in found}
