"""Refuse a mark that names no requirement, when the tests are collected: it would prove nothing."""

import pytest

from tests.harness.requirements import DATA, written


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Look at the marks of every test, with those of its class and module. Raises CollectError."""
    for mark in metafunc.definition.iter_markers("requirement"):
        unknown = [name for name in mark.args if name not in written()]
        if unknown or not mark.args or mark.kwargs:
            named = ", ".join(map(str, unknown)) or "no number"
            message = (
                f"{metafunc.definition.name}: the mark «requirement» names {named}; the numbers are in docs/{DATA.name}"
            )
            raise pytest.Collector.CollectError(message)
