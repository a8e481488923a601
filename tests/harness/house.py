"""docs/house.md: what every module and package is called, what it means; ``scripts/house`` writes its last table."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "house.md"
TABLE = "| name | in | meaning |\n|---|---|---|\n"
ROOMS = ("portal", "rounds", "applications", "evaluation")
# Named by Django, or by what the command is called.
NAMED_BY_OTHERS = {"migrations", "management", "commands", "templatetags", "en", "se"}


def modules() -> Iterator[Path]:
    """Every module of the rooms that has a name of ours."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name != "__init__.py" and path.parent.name not in NAMED_BY_OTHERS - {"templatetags"}:
                yield path


def packages() -> Iterator[Path]:
    """The `__init__.py` of every package of the rooms that has a name of ours."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("__init__.py")):
            if path.parent.name not in NAMED_BY_OTHERS:
                yield path


def name_of(path: Path) -> str:
    """What the module or package is called."""
    return path.parent.name if path.name == "__init__.py" else path.stem


def shared_names(page: str) -> dict[str, str]:
    """The names that may stand in several places, each with its one meaning."""
    part = page.split("## Names with the same meaning")[1].split("## Names of one thing", maxsplit=1)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", part, re.MULTILINE))


def written(page: str) -> str:
    """The page with its last table as the modules and packages are now."""
    shared = shared_names(page)
    rows = sorted(_row(path) for path in (*modules(), *packages()) if name_of(path) not in shared)
    return page.split(TABLE, maxsplit=1)[0] + TABLE + "".join(rows)


def first_line(path: Path) -> str:
    """The first line of what the module or package says of itself."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]


def _row(path: Path) -> str:
    meaning = first_line(path).rstrip(".").replace("``", "`").replace("|", "/")
    is_package = path.name == "__init__.py"
    around = (path.parent.parent if is_package else path.parent).relative_to(ROOT)
    name = f"{name_of(path)}/" if is_package else name_of(path)
    return f"| `{name}` | {'the root' if around == Path() else f'`{around}`'} | {meaning} |\n"
