"""The requirements are proven by tests, and the page that says so is true."""

import re

import pytest

from tests.harness import places, requirements
from tests.harness.requirements import MET, NOT_YET, PARTLY, UNPROVEN, Requirement

pytestmark = pytest.mark.sqlite
pytest_plugins = ["pytester"]
MARK = "pytest.mark." + "requirement"


@pytest.fixture(scope="module")
def proofs():
    """The marked tests of the repository by requirement."""
    return requirements.marked_tests()


@pytest.fixture(scope="module")
def rows(proofs):
    return requirements.requirements(proofs)


def test_every_requirement_of_the_documents_is_there_once_and_in_order(rows):
    assert [row.number for row in rows] == [f"R{number}" for number in range(1, 152)]
    assert [row.number for row in rows if not (row.text and row.sources)] == []


def test_what_is_called_met_has_a_test_and_what_is_not_says_what_is_missing(rows):
    """Without a marked test it needs one, or the sentence «partly» or «not_yet» in docs/requirements.yaml."""
    assert [row.number for row in rows if row.state == UNPROVEN] == []
    assert [row.number for row in rows if row.partly and row.not_yet] == []
    assert [row.number for row in rows if row.state == NOT_YET and row.tests] == []
    sentences = {row.number: row.partly or row.not_yet for row in rows if row.state in {PARTLY, NOT_YET}}
    assert [number for number, text in sentences.items() if not re.fullmatch(r"[A-ZÆØÅ«].{20,}\.", text)] == []


def test_marks_name_requirements_that_are_there(proofs, rows):
    assert sorted(set(proofs) - {row.number for row in rows}) == []


def test_the_page_is_what_the_file_and_the_marks_make_of_it(rows):
    is_current = requirements.PAGE.read_text(encoding="utf-8") == requirements.page(rows)
    assert is_current, "write the page anew: make requirements, or scripts/requirements --write"


def test_rounds_cite_requirements_that_are_there():
    """The ``source`` of a part of a round file names requirements by their numbers."""
    files = (requirements.ROOT / "fixtures" / "rounds").glob("*.yaml")
    cited = {number for path in files for number in re.findall(r"\bR\d+\b", path.read_text(encoding="utf-8"))}
    assert sorted(cited - set(requirements.written())) == []


def test_where_names_what_is_there():
    """Files, code and parts of the round files; what has moved is written anew in docs/requirements.yaml."""
    assert places.names_of_nothing() == []


# --- the harness itself ---------------------------------------------------------------------------------


def test_marks_are_found_on_functions_classes_and_modules(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(
        f"""import pytest
pytestmark = [pytest.mark.slow, {MARK}("R1")]
@{MARK}("R2", "R3")
@pytest.mark.parametrize("x", [1, 2])
def test_one(x): ...
@{MARK}("R4")
class TestMore:
    def test_two(self): ...
    def helper(self): ...
def test_three(): ...
""",
        encoding="utf-8",
    )
    one, two, three = (f"tests/test_it.py::{name}" for name in ("test_one", "TestMore::test_two", "test_three"))
    assert requirements.marked_tests(tmp_path) == {"R1": [one, two, three], "R2": [one], "R3": [one], "R4": [two]}


@pytest.mark.parametrize("line", ["ROWS = [pytest.param(1, marks={mark})]", "def make():\n    return {mark}"])
def test_a_mark_where_it_would_not_be_found_is_refused(tmp_path, line):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(line.format(mark=f'{MARK}("R1")'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"tests/test_it\.py: a mark «requirement» belongs on"):
        requirements.marked_tests(tmp_path)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, UNPROVEN),
        ({"tests": ("a",)}, MET),
        ({"tests": ("a",), "partly": "Noe."}, PARTLY),
        ({"partly": "Noe."}, PARTLY),
        ({"not_yet": "Alt."}, NOT_YET),
    ],
)
def test_state_follows_from_what_is_missing_and_from_the_tests(fields, state):
    assert Requirement("R1", "A", "Text", "S0", **fields).state == state


def test_marks_that_name_no_requirement_stop_the_run(pytester):
    marks = {"one": '"R152"', "none": "", "two": '"R1", "r2"', "keyword": 'number="R1"', "good": '"R1"'}
    pytester.makepyfile(**{
        f"test_{name}": f"import pytest\n@{MARK}({arguments})\ndef test_{name}(): ..."
        for name, arguments in marks.items()
    })  # fmt: skip
    pytester.makeini("[pytest]\nmarkers = requirement")
    ran = pytester.runpytest_inprocess("-p", "tests.harness.marks", "-p", "no:randomly", "-p", "no:django")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    told = [line for line in ran.outlines if "the mark «requirement»" in line]
    assert told == [
        f"test_{name}: the mark «requirement» names {named}; the numbers are in docs/requirements.yaml"
        for name, named in (("keyword", "no number"), ("none", "no number"), ("one", "R152"), ("two", "r2"))
    ]
