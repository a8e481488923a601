"""The limit of time of `make check`: what was not run is said, and a run that had time for nothing fails."""

import os
import subprocess
import sys
import time

import pytest

ONE_FILE = "tests/portal/test_snapshots.py"


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("options", [["-n", "0"], ["-n", "1"]], ids=["alone", "with a worker"])
@pytest.mark.parametrize(("seconds", "code", "said"), [(-1, 1, True), (600, 0, False)], ids=["too late", "in time"])
def test_a_run_without_time_for_a_single_test_fails(options, seconds, code, said):
    until = {"PORTAL_TESTS_UNTIL": str(time.monotonic() + seconds)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, ONE_FILE],
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
