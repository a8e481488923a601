"""A question with its answer as it is frozen and printed: its words, and the rows of a table."""

from typing import Any

from rounds.answering import answers
from rounds.definition import Question, RoundDefinition


def printed(spec: RoundDefinition, question: Question, value: Any) -> dict[str, Any]:
    """The question's label, what was answered in words, and for a table its columns and rows."""
    shown: dict[str, Any] = {
        "code": question.code,
        "label": spec.fill(question.label),
        "kind": question.type,
        "value": answers.without_keys(question, value),
        "text": answers.as_text(spec, question, value),
    }
    if question.type == "table" and not answers.is_not_relevant(value):
        shown["columns"] = [column.label for column in question.columns]
        shown["rows"] = answers.table_rows(question, value)
    return shown
