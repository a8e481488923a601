"""Each fault that people found has a test that keeps it away, or is named here as one that has none."""

import pytest

from tests.harness import faults, requirements

pytestmark = pytest.mark.sqlite
pytest_plugins = ["pytester"]
MARK = "pytest.mark." + "fault"

# One a line: whoever gives a fault its first test takes its line away.
NOT_YET: set[str] = set()


def test_a_fault_has_a_test_or_is_named_as_one_without():
    tested = set(requirements.marked_tests(mark="fault"))
    assert sorted(set(faults.FAULTS) - tested - NOT_YET) == [], "a fault without a test, which NOT_YET does not name"
    assert sorted(NOT_YET & tested) == [], "these have a test now: take them out of NOT_YET"
    assert sorted(NOT_YET - set(faults.FAULTS)) == []


def test_marks_that_name_no_fault_stop_the_run(pytester):
    pytester.makepyfile(
        test_it=f"import pytest\n@{MARK}('A1')\ndef test_good(): ...\n@{MARK}('A99')\ndef test_bad(): ..."
    )
    pytester.makeini("[pytest]\nmarkers = fault")
    ran = pytester.runpytest_inprocess("-p", "tests.harness.marks", "-p", "no:randomly", "-p", "no:django")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    told = [line for line in ran.outlines if "the mark «fault»" in line]
    assert told == ["test_bad: the mark «fault» names A99; the numbers are in tests/harness/faults.py"]
