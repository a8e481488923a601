"""What arrived in time counts: the proxy's time is believed, and nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import RequestFactory

from portal import arrival, requests
from portal.checks import check_address

pytestmark = pytest.mark.fault("D5")
NOW = datetime(2025, 2, 28, 23, 0, 7, tzinfo=UTC)
# Two seconds before midnight in Norway, nine seconds ago.
THEN = datetime(2025, 2, 28, 22, 59, 58, tzinfo=UTC)
STAMP = int(THEN.timestamp())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"t={STAMP}.000", THEN),
        (f"t={STAMP}.25", THEN + timedelta(seconds=0.25)),
        (f"{STAMP}", THEN),
        (f" {STAMP} ", THEN),
        (f"{STAMP}125", THEN + timedelta(seconds=0.125)),
        (f"t={STAMP}125000", THEN + timedelta(seconds=0.125)),
        (f"t={STAMP + 4}.500 d=4.500", THEN),
        (f"t={int(NOW.timestamp())}", NOW),
        (f"t={int(NOW.timestamp()) - 60}", NOW - timedelta(minutes=1)),
        # Not believed: too old, in the future, unreadable.
        (f"t={int(NOW.timestamp()) - 61}", NOW),
        (f"t={int(NOW.timestamp()) + 1}", NOW),
        (f"t={STAMP} d=999", NOW),
        ("t=0000000001", NOW),
        ("t=9999999999", NOW),
        ("", NOW),
        ("t=", NOW),
        ("i går", NOW),
        (f"t={STAMP}, t={STAMP}", NOW),
        ("t=١٧٤٠٧٨٣٥٩٨", NOW),
        ("1" * 400, NOW),
    ],
)
def test_the_time_in_the_header(header, expected):
    assert arrival.arrived_at(header, NOW, is_trusted=True) == expected
    assert arrival.arrived_at(header, NOW, is_trusted=False) == NOW


@pytest.mark.parametrize(
    ("address", "proxies", "expected"),
    [
        ("127.0.0.1", ["127.0.0.1", "::1"], True),
        ("::1", ["127.0.0.1", "::1"], True),
        ("10.0.0.7", ["10.0.0.0/24"], True),
        ("10.0.1.7", ["10.0.0.0/24"], False),
        ("203.0.113.7", ["127.0.0.1"], False),
        ("", ["127.0.0.1"], False),
        ("127.0.0.1", [], False),
    ],
)
def test_which_addresses_are_the_proxys(address, proxies, expected):
    assert arrival.is_proxy(address, proxies) is expected


@pytest.mark.parametrize(
    ("header", "sender", "expected"),
    [
        ("X-Request-Start", "127.0.0.1", THEN),
        ("X-Request-Start", "203.0.113.7", NOW),
        ("", "127.0.0.1", NOW),
        ("X-Other", "127.0.0.1", NOW),
    ],
)
def test_a_request_has_the_time_when_it_came_to_the_proxy(settings, frozen_clock, header, sender, expected):
    settings.REQUEST_START_HEADER, settings.TRUSTED_PROXIES = header, ["127.0.0.1"]
    frozen_clock.move_to(NOW)
    request = RequestFactory().get("/", headers={"X-Request-Start": f"t={STAMP}"}, REMOTE_ADDR=sender)
    requests.middleware(lambda request: request)(request)
    assert request.now == expected


def test_the_time_is_taken_before_anything_else_is_done(settings):
    # The door of the demo is no other work; it is not there in production.
    assert settings.MIDDLEWARE[:2] == ["portal.forwarded.middleware", "portal.requests.middleware"]


@pytest.mark.parametrize(("count", "told"), [(0, ["portal.W002"]), (1, [])])
def test_a_proxy_that_is_not_counted_is_told_of_before_the_release(settings, count, told):
    settings.IS_PRODUCTION, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, count
    assert [warning.id for warning in check_address()] == told


def test_a_proxy_that_does_not_tell_the_time_is_told_of_before_the_release(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.REQUEST_START_HEADER = 1, ""
    with pytest.raises(SystemCheckError, match=r"(?s)portal\.W001.*REQUEST_START_HEADER"):
        call_command("check", deploy=True, tags=["security"], fail_level="WARNING")
