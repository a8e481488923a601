"""The pure modules, tested to the last branch by tests without a database.

Prints the modules' paths for coverage, comma-separated; with ``tests`` the paths of their tests.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "rounds", "applications", "evaluation")
PURE = (
    "workflow",
    "outcomes",
    "scoring",
    "voting",
    "together",
    "budget",
    "covering",
    "portfolio",
    "snapshots",
    "schedule",
    "windows",
    "yaml_faults",
    "amounts",
    "arrival",
    "asks",
    "award",
    "numbering",
    "proposals",
    "decision_rules",
    "readers",
    "rights",
    "approval",
    "retrying",
    "layout",
    "urgency",
    "figures",
)
# Their tests, where the name of the module does not say it.
TESTS = (
    "tests/portal/test_reminder_windows.py",
    *(f"tests/rounds/test_{name}.py" for name in ("check_round", "completable", "definition", "moving")),
    *(f"tests/rounds/test_{name}.py" for name in ("real_rounds", "round_file", "upgrading")),
)


def pure_modules() -> list[str]:
    paths = {path for room in ROOMS for name in PURE for path in (ROOT / room).rglob(f"{name}.py")}
    paths |= set((ROOT / "rounds/definition").rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in paths)


def tests_of_pure_modules() -> list[str]:
    """The files that alone must reach every branch of them; tracing is dear, so nothing else is traced for it."""
    paths = {path for name in PURE for path in (ROOT / "tests").rglob(f"test_{name}.py")}
    return sorted({*(str(path.relative_to(ROOT)) for path in paths), *TESTS})


if __name__ == "__main__":
    print(",".join(tests_of_pure_modules() if "tests" in sys.argv else pure_modules()))  # noqa: T201 - a command for scripts/test
