"""The limit of time of `make check`: what was not run is said, and a run that had time for nothing fails."""

import os
import subprocess
import sys
import time

import pytest

from tests.harness.budget import verdict

ONE_FILE = "tests/portal/test_snapshots.py"


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("workers", "seconds", "code", "said"),
    [
        pytest.param("0", -1, 1, True, id="too late, alone", marks=pytest.mark.release),
        pytest.param("1", -1, 1, True, id="too late, with a worker"),
        pytest.param("1", 600, 0, False, id="in time", marks=pytest.mark.release),
    ],
)
def test_a_run_without_time_for_a_single_test_fails(workers, seconds, code, said):
    until = {"PORTAL_TESTS_UNTIL": str(time.monotonic() + seconds)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, ONE_FILE],
        env={**os.environ, **until},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "NOT RUN for want of time" in done.stdout) == (code, said), done.stdout[-2000:]


@pytest.mark.parametrize(
    ("ran", "not_run", "files", "said"),
    [
        (88, 1493, 0, "No failure in 88 tests; 1,493 were left to make test. After 49 s."),
        (88, 1493, 12, "No failure in 88 tests; 1,493 and the tests of 12 files were left to make test. After 49 s."),
        (1, 0, 0, "No failure in 1 test. After 49 s."),
    ],
)
def test_the_verdict_says_how_many_tests_ran(ran, not_run, files, said):
    assert verdict(ran, not_run, files, 49.2) == said


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.release
def test_changed_tests_run_however_late_it_is(tmp_path):
    counts = tmp_path / "counts"
    late = {"PORTAL_TESTS_UNTIL": str(time.monotonic() - 1), "PORTAL_TESTS_ALWAYS": ONE_FILE}
    late["PORTAL_TESTS_COUNTS"] = str(counts)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "1", ONE_FILE, "tests/portal/test_permissions.py"],
        env={**os.environ, **late},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "13 passed" in done.stdout
    assert "NOT RUN for want of time: 4 tests (portal 4)" in done.stdout
    assert counts.read_text() == "13 4"
