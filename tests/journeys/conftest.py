"""The world of the journeys: the whole register, the demo's persons, and a real mail server."""

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.communities.services import demo, register
from tests.harness import images
from tests.journeys.journey import FIXTURES, PATIENCE_MS, PERSONS, Journey


def load_everybody():
    """The whole register, and the persons of the demo."""
    now = clock.now()
    register.load(FIXTURES / "organisations", at=now)
    demo.load_persons(PERSONS, at=now)


@pytest.fixture
def journey(open_page, open_as, inbox):
    """A journey with the register and the persons in it; see ``Journey``."""
    expect.set_options(timeout=PATIENCE_MS)
    images.world("journeys", load_everybody)
    told = Journey(open_page, open_as, inbox)
    yield told
    told.stop_clock()
