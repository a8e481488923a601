"""What kind each test is (seen from its fixtures, so that nobody has to say it), and the order of the tests.

What takes long begins first: a journey that began last would leave the other core idle. Workers begin at different
ends of the list and steal from each other, so one drives the browser while the other does everything else.
"""

import itertools

import pytest

from tests.harness.budget import rank
from tests.harness.pure_modules import ROOT, tests_of_pure_modules
from tests.harness.worlds import chain_of

DATABASE = {"db", "transactional_db", "live_server"}
PAGE = {"client", "sign_in", "open_page"}
PURE = {ROOT / path for path in tests_of_pure_modules()}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark who touches the database, who asks for a page, and who tests a pure module."""
    needs = set(item.fixturenames)
    if needs & DATABASE or item.get_closest_marker("django_db"):
        item.add_marker("database")
    elif item.path in PURE:
        item.add_marker("pure")
    if needs & PAGE:
        item.add_marker("page")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort what pytest-randomly has shuffled; tests of a module that need the same worlds follow each other."""
    items.sort(key=lambda item: (rank(item), _haste(item)))
    by_module = [list(group) for _path, group in itertools.groupby(items, key=lambda item: item.path)]
    for group in by_module:
        group.sort(key=lambda item: [source.build.__qualname__ for source in chain_of(item)])
    items[:] = [item for group in by_module for item in group]


def _haste(item: pytest.Item) -> float:
    """The seconds that the test says it may take, most first."""
    limit = item.get_closest_marker("timeout")
    if item.get_closest_marker("browser"):
        return -(limit.args[0] if limit else 100)
    return -10 if item.get_closest_marker("slow") else 0
