"""Refuse a mark that names no requirement or no fault, when the tests are collected: it would prove nothing."""

from collections.abc import Collection

import pytest

from tests.harness.faults import FAULTS
from tests.harness.requirements import DATA, written


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Look at the marks of every test, with those of its class and module. Raises CollectError."""
    _require_known(metafunc, "requirement", written(), f"docs/{DATA.name}")
    _require_known(metafunc, "fault", FAULTS, "tests/harness/faults.py")


def _require_known(metafunc: pytest.Metafunc, name: str, numbers: Collection[str], file: str) -> None:
    for mark in metafunc.definition.iter_markers(name):
        unknown = [number for number in mark.args if number not in numbers]
        if unknown or not mark.args or mark.kwargs:
            named = ", ".join(map(str, unknown)) or "no number"
            message = f"{metafunc.definition.name}: the mark «{name}» names {named}; the numbers are in {file}"
            raise pytest.Collector.CollectError(message)
