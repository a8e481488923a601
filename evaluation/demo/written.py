"""What the demo's applicants have written: a file for each application, as the values that the form stores.

Times in the files are days before the demo is loaded (negative: after). A sent application answers every question of
its round; an optional one may be left empty in the file, which says that the applicants left it so.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from portal.errors import DomainError
from rounds.answering.answers import STANDARD_PARTS, not_relevant
from rounds.definition import Question, RoundDefinition

Day = Callable[[int], date]


class WrittenError(DomainError):
    """A file of the demo does not fit its round."""


def read_applications() -> list[dict[str, Any]]:
    """The applications of the demo, in the order of their files' names."""
    folder, yaml = settings.BASE_DIR / "fixtures/demo/applications", YAML(typ="safe")
    return [{"file": path.stem, **yaml.load(path)} for path in sorted(folder.glob("*.yaml"))]


def is_written_as_answer(spec: RoundDefinition, question: Question) -> bool:
    """Whether the file answers the question under ``answers``; the title and the standard parts lie beside it."""
    is_part = question.type in STANDARD_PARTS or question.type == "owners"
    return not is_part and question.code != spec.form.title_question


def answers_of(story: Mapping[str, Any], spec: RoundDefinition, day: Day) -> Iterator[tuple[str, Any]]:
    """Each answer with the code of its question, as it is stored. Raises WrittenError for one too many or too few."""
    given = story["answers"]
    questions = {question.code: question for question in spec.questions if is_written_as_answer(spec, question)}
    left_over = [code for code in given if code not in questions]
    missing = [code for code in questions if code not in given] if story["state"] != "draft" else []
    empty = [code for code, value in given.items() if value is None and code not in left_over]
    missing += [code for code in empty if questions[code].answer != "optional"]
    if left_over or missing:
        told = [f"finnes ikke i runden: {', '.join(left_over)}"] if left_over else []
        told += [f"er ikke besvart: {', '.join(missing)}"] if missing else []
        raise WrittenError(f"{story['file']}: {'; '.join(told)}.")
    for code, question in questions.items():
        if given.get(code) is not None:
            try:
                yield code, _stored(spec, question, given[code], day)
            except (KeyError, TypeError, ValueError) as error:
                raise WrittenError(f"{story['file']}: {code} kan ikke være {given[code]!r}.") from error


def _stored(spec: RoundDefinition, question: Any, value: Any, day: Day) -> Any:
    if isinstance(value, Mapping) and "not_relevant" in value:
        return not_relevant(value["not_relevant"])
    if question.type == "date":
        return f"{day(value)}"
    if question.type == "table":
        types = {column.code: column.type for column in question.columns}
        return [
            {code: f"{day(cell)}" if types[code] == "date" else cell for code, cell in row.items()} for row in value
        ]
    if question.type == "yes_no":
        return {"value": value["answer"], "text": value["text"]} if isinstance(value, Mapping) else {"value": value}
    if question.type in ("one_choice", "many_choices"):
        codes = value if isinstance(value, list) else [value]
        if unknown := set(codes) - {option.code for option in spec.options(question)}:
            raise ValueError(unknown)
        return {"values": codes, "other": ""} if question.type == "many_choices" else {"value": value, "other": ""}
    return value
