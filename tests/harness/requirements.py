"""The customer's requirements and the tests that prove them.

``docs/requirements.yaml`` holds the requirements, and for some what is missing. A test says which requirements it
proves: ``@pytest.mark.requirement("R12", "R13")``. A requirement is met when nothing is missing and at least one test
proves it. ``scripts/requirements`` makes ``docs/requirements.md`` from the two, and runs the tests.
"""

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "docs" / "requirements.yaml"
PAGE = ROOT / "docs" / "requirements.md"
MET, UNPROVEN, PARTLY, NOT_YET = "met", "no test", "partly", "not yet"


@dataclass(frozen=True)
class Requirement:
    """A line of the customer's documents. ``partly`` or ``not_yet`` says what is missing."""

    number: str
    section: str
    text: str
    sources: str
    where: str = ""
    partly: str = ""
    not_yet: str = ""
    tests: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if self.not_yet:
            return NOT_YET
        if self.partly:
            return PARTLY
        return MET if self.tests else UNPROVEN


@functools.cache
def written() -> dict[str, dict[str, str]]:
    """What the data file says of each requirement, by its number, in the order of the file."""
    sections = YAML(typ="safe").load(DATA.read_text(encoding="utf-8"))
    return {
        number: {"section": section["section"], **fields}
        for section in sections
        for number, fields in section["requirements"].items()
    }


def requirements(proofs: Mapping[str, list[str]]) -> list[Requirement]:
    return [
        Requirement(number=number, tests=tuple(proofs.get(number, ())), **fields)
        for number, fields in written().items()
    ]


# --- the marked tests, read from their files ---------------------------------------------------------------


def marked_tests(root: Path = ROOT, mark: str = "requirement") -> dict[str, list[str]]:
    """The tests with the mark, as pytest names them (without parameters), by each number that the mark names.

    Raises ValueError for a mark that is neither a decorator nor in ``pytestmark``: reading would not find it.
    """
    proofs: dict[str, list[str]] = {}
    marker = re.compile(rf"\bmark\.{mark}\b")
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        written_marks = len(marker.findall(text))
        if not written_marks:
            continue
        file, tally = path.relative_to(root).as_posix(), Found(marker)
        _read(ast.parse(text).body, file, [], tally)
        if tally.marks != written_marks:
            message = f"{file}: a mark «{mark}» belongs on a test, on a class or in the module's pytestmark"
            raise ValueError(message)
        for name, number in tally.pairs:
            proofs.setdefault(number, []).append(name)
    return proofs


@dataclass
class Found:
    """What was read in a module: how many marks, and the pairs of test and number."""

    marker: re.Pattern[str]
    marks: int = 0
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def numbers(self, marks: list[ast.expr]) -> list[str]:
        """The numbers that the marks name."""
        calls = [
            part
            for mark in marks
            for part in ast.walk(mark)
            if isinstance(part, ast.Call) and self.marker.search(ast.unparse(part.func))
        ]
        self.marks += len(calls)
        return [ast.literal_eval(argument) for call in calls for argument in call.args]


def _read(body: list[ast.stmt], file: str, outer: list[str], tally: Found) -> None:
    """Read a module or a class; ``outer`` are the numbers of all its tests."""
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            outer = [*outer, *tally.numbers([node.value])]
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            numbers, name = [*outer, *tally.numbers(node.decorator_list)], f"{file}::{node.name}"
            if isinstance(node, ast.ClassDef):
                _read(node.body, name, numbers, tally)
            elif node.name.startswith("test_"):
                tally.pairs += [(name, number) for number in numbers]


# --- the page ----------------------------------------------------------------------------------------------

HEAD = """\
# Requirements

The requirements in the customer's documents, what proves each of them, and what is missing.

This page is made by `make requirements` from [requirements.yaml](requirements.yaml) and from the marks on the tests
(`@pytest.mark.requirement`). A requirement is **met** when nothing is missing and the tests named would fail if it
broke. «Rounds» are keys of the round files in `fixtures/rounds/`. Sources: S0 the call of 2024, S1 and S3 applications
of 2025, S2 the action plan of 2023, S4 Innlandet's annex to case 32/24; P is the portal's own conclusion.
"""


def page(rows: list[Requirement]) -> str:
    """The text of ``docs/requirements.md``."""
    parts, section = [HEAD, f"\n**{summary(rows)}**\n"], ""
    for row in rows:
        if row.section != section:
            section = row.section
            parts.append(f"\n## {section}\n\n| | Requirement | State | Where | Tests |\n|---|---|---|---|---|\n")
        parts.append(_line(row))
    return "".join(parts)


def _line(row: Requirement) -> str:
    missing = row.partly or row.not_yet
    where = [text for text in (row.where, missing and f"Missing: {missing}") if text]
    tests = [f"`{test.removeprefix('tests/')}`" for test in row.tests]
    cells = (row.number, f"{row.text} ({row.sources})", row.state, "<br>".join(where), "<br>".join(tests))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def summary(rows: list[Requirement]) -> str:
    counts = {state: sum(row.state == state for row in rows) for state in (MET, PARTLY, NOT_YET, UNPROVEN)}
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count or state != UNPROVEN) + "."
