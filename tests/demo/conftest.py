"""The demo as a visitor meets it: loaded, with a mailbox and a clock that can be moved."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from portal import clock, demo_clock
from tests.harness import worlds


@pytest.fixture
def movable(settings, tmp_path):
    """A demo whose clock can be moved, with a mailbox."""
    settings.IS_DEMO, settings.DEMO_CLOCK, settings.MAILBOX_DIR = True, tmp_path / "clock.json", tmp_path / "mailbox"
    settings.EMAIL_BACKEND = "portal.mail.mailbox.MailboxBackend"
    clock.shift_by(demo_clock.ahead)
    yield
    clock.shift_by(timedelta)


@worlds.world
def demo():
    """The demo as it is loaded."""
    call_command("load_demo", verbosity=0)
