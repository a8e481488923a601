"""The limit of time of `make check`: what was not run is said, and a run that had time for nothing fails."""

import os
import subprocess
import sys
import time

import pytest

ONE_FILE = "tests/portal/test_snapshots.py"


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("workers", "seconds", "code", "said"),
    [("0", -1, 1, True), ("1", -1, 1, True), ("1", 600, 0, False)],
    ids=["too late, alone", "too late, with a worker", "in time"],
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


@pytest.mark.slow
@pytest.mark.sqlite
def test_changed_tests_run_however_late_it_is():
    late = {"PORTAL_TESTS_UNTIL": str(time.monotonic() - 1), "PORTAL_TESTS_ALWAYS": ONE_FILE}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "1", ONE_FILE, "tests/portal/test_permissions.py"],
        env={**os.environ, **late},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "5 passed" in done.stdout
    assert "NOT RUN for want of time: 4 tests (portal 4)" in done.stdout
