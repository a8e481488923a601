"""The pure modules, tested to the last branch: prints their paths for coverage, comma-separated."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "rounds", "applications", "evaluation")
PURE = (
    "workflow",
    "outcomes",
    "scoring",
    "voting",
    "budget",
    "portfolio",
    "snapshots",
    "schedule",
    "windows",
    "amounts",
    "award",
    "numbering",
    "proposals",
    "decision_rules",
)


def pure_modules() -> list[str]:
    paths = {path for room in ROOMS for name in PURE for path in (ROOT / room).rglob(f"{name}.py")}
    paths |= set((ROOT / "rounds/definition").rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in paths)


if __name__ == "__main__":
    print(",".join(pure_modules()))  # noqa: T201 - a command for scripts/test
