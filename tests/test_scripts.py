"""The scripts: what they take from the portal is there."""

import ast
import importlib
import importlib.util
import re
import subprocess
from pathlib import Path

import pytest
from django.urls import get_resolver

from scripts.pictures import plan

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("portal", "rounds", "applications", "evaluation")

pytestmark = pytest.mark.sqlite


def taken():
    """Each name that a script imports from the portal: the script, the module and the name."""
    for path in sorted((ROOT / "scripts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS:
                yield from ((str(path.relative_to(ROOT)), node.module, alias.name) for alias in node.names)


def is_there(module, name):
    """Whether the module has the name, or a module of that name in it."""
    if hasattr(importlib.import_module(module), name):
        return True
    return importlib.util.find_spec(f"{module}.{name}") is not None


def test_what_the_scripts_take_from_the_portal_is_there():
    names = list(taken())
    assert len(names) > 20
    assert [row for row in names if not is_there(*row[1:])] == []


def route_names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from route_names(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield f"{namespace}{pattern.name}"


def test_each_picture_of_the_readme_is_there_and_is_shown():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = {path.name for path in (ROOT / "docs/pictures").iterdir()}
    assert pictures == {f"{name}.png" for name in plan.IN_README.values()}
    assert {name for name in pictures if f"(docs/pictures/{name})" in readme} == pictures


def test_pages_that_are_translated_and_printed_for_the_pictures_are_there():
    names = set(route_names(get_resolver()))
    assert [name for name in (*plan.TRANSLATED, *plan.PRINTED, *plan.DARK, *plan.FORCED) if name not in names] == []


def test_what_make_is_told_has_no_value_of_its_own():
    """``AS`` and its like are make's own: the pictures went to a folder called «as»."""
    asked = set(re.findall(r"\$\((?:or |if )?\$?\(?([A-Z]+)\b", (ROOT / "Makefile").read_text(encoding="utf-8")))
    built_in = subprocess.run(["make", "-npf", "/dev/null"], capture_output=True, text=True, check=False).stdout
    assert asked >= {"FOLDER", "STATE", "PAGE"}
    assert asked & set(re.findall(r"^([A-Z]+) ?[:?]?=", built_in, re.MULTILINE)) == set()
