"""Reading a round file: from YAML to a definition, or to all errors, in Norwegian, each with line and field."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from portal.errors import DomainError
from rounds import yaml_faults
from rounds.definition import Problem, RoundDefinition
from rounds.definition.upgrading import Upgrade, upgrades

MAX_BYTES: Final = 1_000_000
_MAX_DEPTH: Final = 20
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,6})?")
_CONSTANTS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}

FieldPath = tuple[str | int, ...]
Root = TypeVar("Root", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One error: the line in the file (from 1), the field's path and a sentence."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return (
            f"linje {self.line}: {self.field}: {self.message}" if self.field else f"linje {self.line}: {self.message}"
        )


class RoundFileError(DomainError):
    """The file is not a round definition; ``problems`` has all errors, in the order of the file."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.field))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A round file: its definition, and the line of every value in it."""

    definition: RoundDefinition
    lines: Mapping[FieldPath, int]
    upgrades: tuple[Upgrade, ...] = ()

    def located(self, problems: Iterable[Problem]) -> list[FileProblem]:
        """The problems with their lines; for problems found after reading."""
        return [_at_line(item.path, item.message, self.lines) for item in problems]


def read_definition(path: Path) -> RoundDefinition:
    """The definition in the file. Raises RoundFileError, and OSError when it cannot be read."""
    return read_file(path).definition


def read_file(path: Path) -> RoundFile:
    """The definition in the file, with its lines. Raises RoundFileError, and OSError when it cannot be read."""
    if path.stat().st_size > MAX_BYTES:
        raise RoundFileError([_too_large()])
    return parse(path.read_bytes())


def upgraded_text(text: str, file: RoundFile) -> str:
    """The file's text with each old value replaced by today's, and nothing else changed."""
    lines = text.splitlines(keepends=True)
    for change in file.upgrades:
        number = file.lines[change.path] - 1
        lines[number] = lines[number].replace(change.old, change.new, 1)
    return "".join(lines)


def parse(content: bytes) -> RoundFile:
    """The definition in the bytes of a file, with its lines. Raises RoundFileError."""
    data, definition, lines = parse_as(RoundDefinition, content, "en rundedefinisjon")
    return RoundFile(definition, lines, tuple(upgrades(data)))


def parse_as(root: type[Root], content: bytes, called: str) -> tuple[dict[str, Any], Root, Mapping[FieldPath, int]]:
    """The plain data of a YAML file, the same as a ``root``, and the line of every value; ``called`` is what it is.

    Raises RoundFileError.
    """
    if len(content) > MAX_BYTES:
        raise RoundFileError([_too_large()])
    if program := yaml_faults.program_fault(content):
        raise RoundFileError([FileProblem(1, "", f"filen {program}")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RoundFileError([FileProblem(line, "", "filen er ikke UTF-8")]) from None
    builder = _Builder()
    try:
        data = builder.build(text)
    except YAMLError as error:
        line, sentence = yaml_faults.fault_of(text, error)
        raise RoundFileError([FileProblem(line, "", sentence)]) from None
    if not isinstance(data, dict):
        raise RoundFileError([FileProblem(1, "", f"filen er tom eller ikke {called}")])
    try:
        return data, root.model_validate(data), builder.lines
    except ValidationError as error:
        errors = _own_errors(error.errors())
        problems = [_at_line(item["loc"], _sentence(item, root), builder.lines) for item in errors]
        raise RoundFileError(problems) from None


def _own_errors(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without «too short» on a list that has a wrong item: pydantic counts only the correct items."""
    paths = [error["loc"] for error in errors]

    def is_echo(error: ErrorDetails) -> bool:
        loc = error["loc"]
        return error["type"] == "too_short" and any(path[: len(loc)] == loc != path for path in paths)

    return [error for error in errors if not is_echo(error)]


def _too_large() -> FileProblem:
    return FileProblem(1, "", f"filen er større enn {MAX_BYTES // 1_000_000} MB")


class _Builder:
    """Builds plain data from the parser's events, and stores the line of every value.

    Anchors, aliases, tags and repeated keys are refused, so that a file has no hidden content and cannot expand.
    """

    def __init__(self) -> None:
        self.lines: dict[FieldPath, int] = {(): 1}

    def build(self, text: str) -> Any:
        self._events = iter(YAML(typ="safe", pure=True).parse(text))
        data: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
            if documents > 1:
                raise RoundFileError([FileProblem(event.start_mark.line + 1, "", "filen har mer enn ett dokument")])
            if isinstance(event, NodeEvent):
                data = self._value(event, ())
        return data

    def _value(self, event: Any, path: FieldPath) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(event, AliasEvent) or event.anchor:
            raise RoundFileError([FileProblem(line, dotted(path), "anker og alias («&», «*») er ikke tillatt")])
        if event.tag:
            raise RoundFileError([FileProblem(line, dotted(path), "merker («!») er ikke tillatt")])
        if len(path) > _MAX_DEPTH:
            raise RoundFileError([FileProblem(line, dotted(path), "er for dypt nøstet")])
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _mapping(self, path: FieldPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
                raise RoundFileError([FileProblem(line, dotted(path), "nøkkelen er ikke et enkelt ord")])
            key = event.value
            if key in mapping:
                raise RoundFileError([FileProblem(line, dotted((*path, key)), "står to ganger")])
            self.lines[*path, key] = line
            mapping[key] = self._value(next(self._events), (*path, key))
        return mapping

    def _sequence(self, path: FieldPath) -> list[Any]:
        sequence: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            sequence.append(self._value(event, (*path, len(sequence))))
        return sequence


def _scalar(event: ScalarEvent) -> Any:
    """A plain scalar as YAML 1.2's core types; a quoted scalar is always text. Dates stay text for the definition."""
    text = event.value
    if event.style is not None:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    number = _NUMBER.fullmatch(text)
    if number and (text == "0" or not text.lstrip("+-").startswith("0") or number[1]):
        return Decimal(text) if number[1] else int(text)
    return text


def dotted(path: FieldPath) -> str:
    """The path as «form.sections[2].questions[1].label»; the items of a list are counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _at_line(path: FieldPath, message: str, lines: Mapping[FieldPath, int]) -> FileProblem:
    """The problem with its line. pydantic's path also has the type of a question, which the file's path has not."""
    known_path: FieldPath = ()
    shown: FieldPath = ()
    for part in path:
        shown = (*shown, part) if (*known_path, part) in lines or part == path[-1] else shown
        known_path = (*known_path, part) if (*known_path, part) in lines else known_path
    return FileProblem(lines[known_path], dotted(shown), message)


_SENTENCES: Final = {
    "missing": "mangler",
    "extra_forbidden": "er et ukjent felt",
    "string_type": "skal være tekst; sett den i anførselstegn",
    "string_too_short": "er tom",
    "string_too_long": "er lengre enn {max_length} tegn",
    "int_type": "skal være et helt tall",
    "int_parsing": "skal være et helt tall",
    "int_from_float": "skal være et helt tall",
    "decimal_type": "skal være et tall",
    "decimal_parsing": "skal være et tall",
    "decimal_max_digits": "har for mange sifre",
    "decimal_max_places": "har for mange desimaler",
    "bool_type": "skal være true eller false",
    "bool_parsing": "skal være true eller false",
    "date_from_datetime_parsing": "skal være en dato, for eksempel 2025-03-01",
    "date_parsing": "skal være en dato, for eksempel 2025-03-01",
    "date_type": "skal være en dato, for eksempel 2025-03-01",
    "tuple_type": "skal være en liste",
    "model_type": "skal være en gruppe med felter: {fields}",
    "model_attributes_type": "skal være en gruppe med felter",
    "literal_error": "skal være en av {expected}",
    "enum": "skal være en av {expected}",
    "union_tag_invalid": "«{tag}» er ikke en spørsmålstype; mulige er {expected_tags}",
    "union_tag_not_found": "mangler «type»",
    "greater_than": "skal være større enn {gt}",
    "greater_than_equal": "skal være minst {ge}",
    "less_than_equal": "skal være høyst {le}",
    "too_short": "skal ha minst {min_length}",
    "too_long": "skal ha høyst {max_length}",
}
_PATTERNS: Final = {
    "^[a-z0-9]": "skal være en kode med små bokstaver, tall og bindestrek",
    r"^[^\n]": "skal stå på én linje",
    "^[^@": "skal være en e-postadresse",
    "^https": "skal være en adresse som begynner med https://",
    r"^\d{9}": "skal være et organisasjonsnummer med ni sifre",
    r"^\d{1,3}/": "skal være et saksnummer som 32/24",
    "^[A-Z]": "skal være en kort nøkkel som «S0»",
}


def _sentence(error: ErrorDetails, root: type[BaseModel]) -> str:
    if error["type"] == "round":
        return error["msg"]
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return next(text for start, text in _PATTERNS.items() if context["pattern"].startswith(start))
    expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
    context = {**context, "expected": expected, "expected_tags": str(context.get("expected_tags", "")).replace("'", "")}
    if error["type"] == "model_type":
        context["fields"] = ", ".join(_fields_of(context["class_name"]))
    if error["type"] == "extra_forbidden" and (likely := _likely_field(error["loc"], root)):
        return f"er et ukjent felt. Mente du «{likely}»?"
    return _SENTENCES.get(error["type"], "har feil verdi").format(**context)


def _fields_of(name: str) -> Iterator[str]:
    """The names of the fields of the part whose class has this name."""
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        part = waiting.pop()
        waiting += part.__subclasses__()
        if part.__name__ == name:
            yield from part.model_fields
            return


def _likely_field(path: FieldPath, root: type[BaseModel]) -> str:
    """The field beside an unknown one whose name is most like it; "" when none is."""
    parts: set[type[BaseModel]] = {root}
    for step in path[:-1]:
        if isinstance(step, str):
            inner = {each for part in parts if step in part.model_fields for each in _parts_in(part.model_fields[step])}
            # pydantic also has the type of a question in its path, which leaves one kind of question.
            parts = inner or {part for part in parts if step in _types_of(part)}
    names = {name for part in parts for name in part.model_fields}
    return next(iter(difflib.get_close_matches(str(path[-1]).replace("-", "_"), names, n=1, cutoff=0.7)), "")


def _parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The parts in a field's type, also those in a list or a choice."""
    if isinstance(annotation, FieldInfo):
        annotation = annotation.annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts_in(inner)


def _types_of(part: type[BaseModel]) -> tuple[Any, ...]:
    """The values that the field «type» of a question can have."""
    field = part.model_fields.get("type")
    return get_args(field.annotation) if field else ()
