"""The reads of the form engine: answers and files."""

from collections.abc import Sequence

from django.db.models import QuerySet

from rounds.answering.models import Answer, AnswerFile
from rounds.answering.owner import Owner
from rounds.definition import Question


def stored_answers(owner: Owner, questions: Sequence[Question]) -> dict[str, Answer]:
    """The answers to these questions, by question."""
    codes = [question.code for question in questions]
    answers = Answer.objects.filter(response=owner.response_id, question__in=codes)
    return {answer.question: answer for answer in answers}


def files_of(owner: Owner) -> QuerySet[AnswerFile]:
    """The files that answer the owner's questions, in the order that they came."""
    return AnswerFile.objects.filter(response=owner.response_id).select_related("file")
