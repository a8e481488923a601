"""Variables and parameters are named by what they hold; these names would fit anything, and are used for nothing."""

import ast

import pytest

from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

EMPTY_NAMES = frozenset({"found", "own", "place", "mine", "who", "stuff", "anew"})
FOLDERS = ("applications", "evaluation", "portal", "rounds", "scripts", "tests")


def empty_names(source):
    """(line, name) of the variables and parameters with an empty name. A field of a class is not one of them."""
    tree = ast.parse(source)
    fields = {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in getattr(statement, "targets", [getattr(statement, "target", None)])
    }
    for node in ast.walk(tree):
        name = ""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            name = node.id
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.ExceptHandler):
            name = node.name or ""
        if name.strip("_") in EMPTY_NAMES:
            yield node.lineno, name


def is_python(path):
    """A module, or a script without a suffix that says in its first line that Python runs it."""
    if path.suffix or not path.is_file():
        return path.suffix == ".py"
    with path.open("rb") as script:
        first = script.readline()
    return first.startswith(b"#!") and b"python" in first


def test_scripts_without_a_suffix_are_read_when_python_runs_them():
    names = {path.name for path in (ROOT / "scripts").iterdir() if not path.suffix and is_python(path)}
    assert {"walk", "check", "house"} <= names
    assert not names & {"venv", "bench"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_name_says_what_it_holds(folder):
    paths = [path for path in sorted((ROOT / folder).rglob("*")) if is_python(path) and "migrations" not in path.parts]
    assert paths
    names = [(str(path.relative_to(ROOT)), *name) for path in paths for name in empty_names(path.read_text("utf-8"))]
    assert names == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("found = 1", ["found"]),
        ("own: int = 1", ["own"]),
        ("def f(place, *mine, who=1, **stuff): pass", ["mine", "place", "stuff", "who"]),
        ("for _found in []: pass", ["_found"]),
        ("[anew for anew in []]; lambda place: 1", ["anew", "place"]),
        ("(own := 1)", ["own"]),
        ("try: f()\nexcept E as found: pass", ["found"]),
        ("class Meeting:\n    place = 1\n    own: int", []),
        ("class A:\n    def f(self):\n        own = 1", ["own"]),
        ("standing = meeting.place; f(place=1); ownership = 1", []),
    ],
)
def test_the_check_sees_every_way_to_give_a_name(source, names):
    assert sorted(name for _line, name in empty_names(source)) == names
