"""The world of the stories: the whole register, the demo's persons, and a real mail server."""

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.communities.services import demo, register
from tests.journeys.story import FIXTURES, PATIENCE_MS, PERSONS, Story


@pytest.fixture
def story(open_page, open_as, inbox):
    """A story with the register and the persons in it; see ``Story``."""
    expect.set_options(timeout=PATIENCE_MS)
    now = clock.now()
    register.load(FIXTURES / "organisations", at=now)
    demo.load_persons(PERSONS, at=now)
    told = Story(open_page, open_as, inbox)
    yield told
    told.stop_clock()
