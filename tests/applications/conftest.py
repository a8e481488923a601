"""Whole applications in the three real rounds."""

import pytest

from tests.applications import filled


@pytest.fixture
def northern(house):
    """The round of Helse Nord 2025, loaded as it stands."""
    return filled.real_round("helse-nord-2025")


@pytest.fixture
def at(northern):
    """A week before that round closes."""
    return filled.open_moment(northern)


@pytest.fixture
def application(house, northern, at):
    """A whole application in that round, signed by its three partners."""
    return filled.whole(house, northern, at=at)


@pytest.fixture
def unsigned(house, northern, at):
    """A whole application in that round that nobody has signed."""
    return filled.whole(house, northern, at=at, signed=False)
