"""What a stored answer says: whether anything is answered, and the answer in words, in the language of the round.

The words are signed and hashed, so they never follow the language of the reader.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from portal import formats
from rounds.definition import Question, RoundDefinition

NOT_RELEVANT: Final = {"not_relevant": True}
# The key of a row inside a table answer. No column can have this name.
ROW_KEY: Final = "_key"
# How many characters each kind of text may have when it is sent. A draft keeps up to ``DRAFT_MOST``.
TITLE_MOST: Final = 200
OTHER_MOST: Final = 500
REASON_MOST: Final = 1000
EXPLANATION_MOST: Final = 2000
CELL_MOST: Final = 3000
DRAFT_MOST: Final = 100_000
# Question types that are answered in tables of their own, not in an Answer row.
STANDARD_PARTS: Final = frozenset({"parties", "contacts", "benefits", "budget", "attachments"})
# yes, no, not relevant, confirmed
WORDS: Final = {
    "nb": ("Ja", "Nei", "Ikke relevant", "Bekreftet"),
    "nn": ("Ja", "Nei", "Ikkje relevant", "Stadfesta"),
    "se": ("Juo", "In", "Ii relevánta", "Duođaštuvvon"),
    "en": ("Yes", "No", "Not relevant", "Confirmed"),
}


def is_not_relevant(value: Any) -> bool:
    """Whether the applicants answered that the question does not concern them."""
    return isinstance(value, Mapping) and bool(value.get("not_relevant"))


def not_relevant(reason: str) -> dict[str, Any]:
    """The answer that the question does not concern the applicants, with their reason when they have given one."""
    return {**NOT_RELEVANT, "reason": reason} if reason else dict(NOT_RELEVANT)


def reason_of(value: Any) -> str:
    """Why the applicants find the question not relevant; empty when they have not said."""
    return str(value.get("reason") or "").strip() if isinstance(value, Mapping) else ""


def most_characters(spec: RoundDefinition, question: Any) -> int:
    """How many characters the answer to a text question may have; the project's name must fit its database column."""
    most: int = question.max_characters
    return min(most, TITLE_MOST) if spec.is_title(question) else most


def is_blank(value: Any) -> bool:
    """Whether nothing is answered. «Nei» and 0 are answers."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(part) for name, part in value.items() if name != ROW_KEY)
    if isinstance(value, Sequence):
        return all(is_blank(part) for part in value)
    return value is None


def keyed_rows(value: Any) -> list[dict[str, Any]]:
    """Every stored row of a table answer with its key; also the rows that are hidden by «ikke relevant».

    Older rows were stored without keys. Until one of them is saved, the number of the row is its key.
    """
    rows = value.get("rows", []) if isinstance(value, Mapping) else value
    held = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [{ROW_KEY: f"{index:08d}", **row} for index, row in enumerate(held)]


def rows_of(value: Any) -> list[dict[str, Any]]:
    """The filled-in rows of a table answer, without their keys."""
    rows = value if isinstance(value, list) else []
    filled = [row for row in rows if isinstance(row, dict) and not is_blank(row)]
    return [{name: cell for name, cell in row.items() if name != ROW_KEY} for row in filled]


def without_keys(question: Question, value: Any) -> Any:
    """The answer as it is frozen and signed: of a table only what people wrote."""
    if question.type != "table" or value is None or isinstance(value, str):
        return value
    return not_relevant(reason_of(value)) if is_not_relevant(value) else rows_of(value)


def chosen(value: Any) -> tuple[list[str], str]:
    """The codes chosen, and the applicants' own words beside them."""
    if not isinstance(value, Mapping):
        return [], ""
    codes = value["values"] if "values" in value else [value.get("value")]
    return [code for code in codes if code], str(value.get("other") or "").strip()


def as_text(spec: RoundDefinition, question: Question, value: Any) -> str:
    """The answer as text, several values on a line each; empty when there is none."""
    if is_not_relevant(value):
        return ": ".join(filter(None, (WORDS[spec.language][2], reason_of(value))))
    if is_blank(value):
        return ""
    say = _SAYINGS.get(question.type, lambda _spec, _question, given: str(given).strip())
    return value.strip() if is_foreign(question, value) else say(spec, question, value)


def is_foreign(question: Question, value: Any) -> bool:
    """Whether the stored value is a text, though the type of the question asks for something else.

    Evaluations from before the form engine stored every answer as text. The text is shown, and never lost.
    """
    if not isinstance(value, str) or question.type in ("short_text", "long_text"):
        return False
    return question.type != "date" or not is_date(value)


def is_date(text: str) -> bool:
    """Whether the text is a stored date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _yes_no(spec: RoundDefinition, question: Any, value: Any) -> str:
    yes, no, *_rest = WORDS[spec.language]
    said = yes if value.get("value") else no
    return ". ".join(filter(None, (said, str(value.get("text") or "").strip())))


def _declaration(spec: RoundDefinition, question: Any, value: Any) -> str:
    return f"{WORDS[spec.language][3]}: {spec.fill(question.text)}" if value else ""


def _number(spec: RoundDefinition, question: Any, value: Any) -> str:
    return " ".join(filter(None, (formats.number(value), question.unit)))


def _table(spec: RoundDefinition, question: Any, value: Any) -> str:
    return "\n".join(" – ".join(filter(None, row)) for row in table_rows(question, value))


def _choices(spec: RoundDefinition, question: Any, value: Any) -> str:
    codes, other = chosen(value)
    labels = {option.code: option.label for option in spec.options(question)}
    named = [labels[option.code] for option in spec.options(question) if option.code in codes]
    if other and question.other_label:
        named.append(f"{question.other_label}: {other}")
    return "\n".join(named)


def file_words(file: Mapping[str, Any]) -> str:
    """A file as it is listed in what is frozen and printed: «Regnskap: regnskap.pdf (12 kB)»."""
    return f"{file['title']}: {file['name']} ({formats.size_no(file['size'])})"


def table_rows(question: Any, value: Any) -> list[list[str]]:
    """The cells of a table answer as text, in the order of the columns."""
    return [[_cell(column.type, row.get(column.code)) for column in question.columns] for row in rows_of(value)]


def _cell(kind: str, value: Any) -> str:
    if is_blank(value):
        return ""
    match kind:
        case "money":
            return formats.kroner(value)
        case "number":
            return formats.number(value)
        case "date":
            return formats.date_no(date.fromisoformat(value))
        case _:
            return str(value).strip()


_SAYINGS: Final[dict[str, Callable[[RoundDefinition, Any, Any], str]]] = {
    "number": _number,
    "money": lambda _spec, _question, value: formats.kroner(value),
    "date": lambda _spec, _question, value: formats.date_no(date.fromisoformat(value)),
    "yes_no": _yes_no,
    "one_choice": _choices,
    "many_choices": _choices,
    "table": _table,
    "declaration": _declaration,
    "attachments": lambda _spec, _question, value: "\n".join(map(file_words, value)),
    "owners": lambda _spec, _question, value: "\n".join(str(row.get("name", "")) for row in rows_of(value)),
}
