"""A run with a limit of time, for `make check`: what matters most goes first, and what was left out is said.

PORTAL_TESTS_FIRST: paths, most important first. PORTAL_TESTS_UNTIL: the moment (time.monotonic, one clock for all
processes) after which no test begins, except those of the files in PORTAL_TESTS_ALWAYS. Without them everything runs.
PORTAL_TESTS_COUNTS: a file to write «ran» and «not run» to, two numbers on one line.
"""

import os
import time
from collections import Counter
from pathlib import Path

import pytest

FIRST = os.environ.get("PORTAL_TESTS_FIRST", "").split()
ALWAYS = set(os.environ.get("PORTAL_TESTS_ALWAYS", "").split())
UNTIL = float(os.environ.get("PORTAL_TESTS_UNTIL", "inf"))
NOT_RUN: Counter[str] = Counter()


def verdict(ran: int, not_run: int, files: int, seconds: float) -> str:
    """What a run without failures has shown: how many of the tests that were called for ran.

    ``files`` are those of the rooms to the right that were not drawn; their tests are not counted.
    """
    left = [f"{not_run:,}"] if not_run else []
    left += [f"the tests of {files} files"] if files else []
    rest = f"; {' and '.join(left)} were left to make test" if left else ""
    return f"No failure in {ran:,} {'test' if ran == 1 else 'tests'}{rest}. After {seconds:.0f} s."


def rank(item: pytest.Item) -> int:
    """The number of the test's file or folder among what goes first; after them all when it is not there."""
    path = file_of(item)
    return next((number for number, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))


def file_of(item: pytest.Item) -> str:
    return f"{item.path.relative_to(item.config.rootpath)}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Pass over the test when the time is up."""
    if time.monotonic() < UNTIL or file_of(item) in ALWAYS:
        return None
    NOT_RUN[item.path.parent.name] += 1
    return True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the run that started it; a run that had time for no test at all has shown nothing, and fails."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = dict(NOT_RUN)
    elif NOT_RUN and not session.config.pluginmanager.get_plugin("terminalreporter").stats.get("passed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    NOT_RUN.update(getattr(node, "workeroutput", {}).get("not_run", {}))


def pytest_terminal_summary(terminalreporter) -> None:
    if path := os.environ.get("PORTAL_TESTS_COUNTS"):
        kinds = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
        ran = sum(len(terminalreporter.stats.get(kind, ())) for kind in kinds)
        Path(path).write_text(f"{ran} {NOT_RUN.total()}")
    if NOT_RUN:
        rooms = ", ".join(f"{room} {count}" for room, count in sorted(NOT_RUN.items()))
        terminalreporter.write_line(f"NOT RUN for want of time: {NOT_RUN.total()} tests ({rooms})")
