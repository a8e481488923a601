"""docs/house.md: what every module is called, and what a name means. ``scripts/house`` writes its last table."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "house.md"
TABLE = "| name | in | meaning |\n|---|---|---|\n"
# Named by Django, or by what the command is called.
NAMED_BY_OTHERS = {"migrations", "commands", "en", "se"}


def modules() -> Iterator[Path]:
    """Every module of the rooms that has a name of ours."""
    for room in ("portal", "rounds", "applications", "evaluation"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name != "__init__.py" and path.parent.name not in NAMED_BY_OTHERS:
                yield path


def shared_names(page: str) -> set[str]:
    """The names that mean the same wherever they stand."""
    part = page.split("## Names with the same meaning")[1].split("## Names of one thing", maxsplit=1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))


def written(page: str) -> str:
    """The page with its last table as the modules are now."""
    shared = shared_names(page)
    rows = sorted(_row(path) for path in modules() if path.stem not in shared)
    return page.split(TABLE, maxsplit=1)[0] + TABLE + "".join(rows)


def _row(path: Path) -> str:
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
    meaning = first.rstrip(".").replace("``", "`").replace("|", "/")
    return f"| `{path.stem}` | `{path.parent.relative_to(ROOT)}` | {meaning} |\n"
