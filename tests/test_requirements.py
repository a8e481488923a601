"""The table of requirements is complete, and what it names exists."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.sqlite

TABLE = Path(settings.BASE_DIR) / "docs" / "requirements.md"
LINE = re.compile(r"\| R(\d+) \| ([^|]+) \| ([^|]+) \|")


def rows():
    return [LINE.fullmatch(line).groups() for line in TABLE.read_text().splitlines() if line.startswith("| R")]


def test_every_requirement_stands_once_and_in_order():
    assert [int(number) for number, _text, _where in rows()] == list(range(1, 152))


def test_every_requirement_says_where_it_is_met_or_not_yet():
    assert [number for number, _text, where in rows() if "`" not in where and "not yet" not in where] == []


def test_the_journeys_that_the_table_names_exist():
    named = {name for _number, _text, where in rows() for name in re.findall(r"journey `([\w.]+)`", where)}
    folder = Path(settings.BASE_DIR) / "tests" / "journeys"
    assert {name for name in named if not (folder / name).exists()} == set()
