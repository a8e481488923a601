"""Headless Chromium for the journeys: one browser a session, one context a person.

    @pytest.mark.browser
    def test_applicant_sees_the_task_list(open_as, applicant):
        page = open_as(applicant)
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("…")
        assert axe_violations(page) == []

A page fails its test on a script error, a refused resource (CSP) or an answer of 500 and above. Answers are watched at
the server, because a browser that reports each file of each page takes a tenth longer.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.harness import servers
from tests.harness.fixtures import start_or_skip

AXE = Path(django_settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
SHELL = "chromium-headless-shell"
TIMEOUT_MS = 10_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Loopback only: any other name fails to resolve.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def chromium():
    """The browser; PORTAL_HEADED=1 shows it, slowly."""
    # Half a second of every start, for the few tests that need it.
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415

    is_headed = os.environ.get("PORTAL_HEADED") == "1"
    program = start_or_skip(lambda: program_path(is_headed=is_headed), what="browser")
    # Playwright keeps an event loop on this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=not is_headed, args=FLAGS, slow_mo=400 if is_headed else 0
        )
        yield browser
        browser.close()


def program_path(*, is_headed: bool = False) -> str:
    """The path of Chromium: unless somebody wants to see it, the one without windows, which costs half as much."""
    if is_headed:
        return servers.find("chromium", package="chromium")
    try:
        return servers.find(SHELL, package=SHELL)
    except servers.MissingError:
        return servers.find("chromium", package=SHELL)


@pytest.fixture
def open_page(chromium, live_server, transactional_db):
    """open_page(**context options) → a page of a new person; relative addresses go to the live server."""
    contexts, troubles = [], []

    def open_page(**options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            **{"viewport": {"width": 1280, "height": 900}, **options},
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        _watch(page, troubles)
        return page

    with server_errors(troubles):
        yield open_page
        for context in contexts:
            context.close()
    assert troubles == []


@pytest.fixture
def page(open_page):
    """One page of a visitor who has not signed in."""
    return open_page()


@pytest.fixture
def open_as(open_page, live_server):
    """open_as(user, **context options) → a page of a person who has signed in."""

    def open_as(user, **options):
        client = Client()
        client.force_login(user)
        page = open_page(**options)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return open_as


def _watch(page, troubles):
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            troubles.append(f"{page.url}: {message.text}")
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )


@contextmanager
def server_errors(troubles: list[str]) -> Iterator[None]:
    """Add to the list what Django logs of each answer of 500 and above."""
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: troubles.append(record.getMessage())
    loggers = [logging.getLogger(name) for name in ("django.request", "django.server")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def axe_violations(page, *, without=()):
    """What axe finds on the page, a line each: rule, impact, where. Equal to [] is the aim everywhere."""
    page.evaluate(AXE.read_text())
    rules = {rule: {"enabled": False} for rule in without}
    answer = page.evaluate("options => axe.run(document, options)", {"rules": rules, "resultTypes": ["violations"]})
    return [
        f"{violation['id']} ({violation['impact']}): {node['target'][0]}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


def picture(page, name):
    """A screenshot of the whole page in var/pictures, for people to look at; off unless PORTAL_PICTURES=1."""
    if os.environ.get("PORTAL_PICTURES") == "1":
        target = Path(django_settings.BASE_DIR) / "var/pictures" / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True)
