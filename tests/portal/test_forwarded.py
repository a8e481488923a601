"""The demo refuses what was handed on to it, and nobody gets a demo without asking for one."""

import subprocess
import sys

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from portal import forwarded
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.fault("A5")


@pytest.fixture
def answer(settings):
    """The status that a request with these headers gets from the demo."""
    settings.IS_DEMO = True
    handler = forwarded.middleware(lambda _request: HttpResponse("inne"))

    def ask(**meta):
        return handler(RequestFactory().get("/mailbox/", **meta))

    return ask


@pytest.mark.parametrize(
    "meta",
    [
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"HTTP_FORWARDED": "for=203.0.113.7"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 tjener"},
        {"HTTP_CF_CONNECTING_IP": "203.0.113.7"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"SERVER_PROTOCOL": "HTTP/1"},
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "192.168.1.20"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_the_demo_refuses_what_was_handed_on(answer, meta):
    refused = answer(**meta)
    assert refused.status_code == 421
    assert refused.content.decode().startswith("Dette er en demo, som bare svarer den maskinen den kjører på.")


@pytest.mark.parametrize("meta", [{}, {"REMOTE_ADDR": "::1"}, {"REMOTE_ADDR": "127.0.0.1"}])
def test_the_demo_answers_its_own_machine(answer, meta):
    assert answer(**meta).content == b"inne"


def test_production_is_behind_a_proxy_and_has_no_such_door(settings):
    settings.IS_DEMO = False
    with pytest.raises(MiddlewareNotUsed):
        forwarded.middleware(lambda _request: HttpResponse())
    assert settings.MIDDLEWARE[0] == "portal.forwarded.middleware"


@pytest.mark.sqlite
def test_who_says_nothing_gets_production_and_is_told_what_it_needs(tmp_path):
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": "", "PORTAL_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert ran.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: Set PORTAL_ENV=demo to try the portal on this machine, or "
        "SECRET_KEY, ALLOWED_HOSTS and SITE_URL to run it for real (docs/operations.md)."
    )
