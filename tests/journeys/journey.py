"""What every journey needs: the persons by name, a browser page for each, the worker, the mail and the clock."""

import os
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import time_machine
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader
from ruamel.yaml import YAML

from portal import clock
from portal.communities.models import User
from portal.jobs.services import run_all_due
from rounds import round_file
from rounds.definition import move_dates
from rounds.services import load_round
from tests.harness.browser import axe_violations

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PERSONS = FIXTURES / "demo/persons.yaml"
TEXTS = Path(__file__).parent / "texts"
SPACES = re.compile(r"\s+")
PATIENCE_MS = 30_000
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def words_of(name):
    """The words of a real application, by the codes of its round."""
    return YAML(typ="safe").load(TEXTS / f"{name}.yaml")


def text_of(pdf):
    """What a PDF says, line breaks and hard spaces as plain ones."""
    with BytesIO(pdf) as file:
        return SPACES.sub(" ", " ".join(page.extract_text() for page in PdfReader(file).pages))


def patient(page):
    """A page that waits as long as a busy machine may take."""
    page.context.set_default_timeout(PATIENCE_MS)
    return page


class Journey:
    """One journey in the browser. Persons are called by the names of ``fixtures/demo/persons.yaml``."""

    # The kinds of page that some journey of this run has looked at.
    _looked_at = set()
    # A journey through kinds of page that others look at need not look at them.
    looks = True

    def __init__(self, open_page, open_as, inbox):
        self._open_page, self._open_as = open_page, open_as
        self.inbox = inbox
        self._pages = {}
        self._travel = None

    # --- the round, the persons and their pages ---------------------------------------------------

    def open_round(self, code):
        """The real round, moved so that it is open today."""
        return self.open_call(round_file.read_definition(FIXTURES / f"rounds/{code}.yaml"))

    def open_call(self, definition):
        """The round that the definition describes, moved so that it is open today."""
        return load_round(move_dates(definition, clock.local_date(self.now)), by=None, at=self.now)

    @staticmethod
    def person(name):
        return User.objects.get(name=name)

    def page_of(self, name, **options):
        """The person's own page; the session is made without the form."""
        if name not in self._pages:
            self._pages[name] = patient(self._open_as(self.person(name), **options))
        return self._pages[name]

    def sign_in(self, name):
        """The person's own page, signed in by the real form."""
        page = self._pages[name] = patient(self._open_page())
        page.goto("/")
        page.get_by_role("link", name="Logg inn").first.click()
        self.look(page, "sign-in")
        self.fill_in_sign_in(page, name)
        expect(page.locator("summary", has_text=name)).to_be_visible()
        return page

    def fill_in_sign_in(self, page, name):
        page.get_by_label("E-post").fill(self.person(name).email)
        page.get_by_label("Passord").fill(YAML(typ="safe").load(PERSONS)["password"])
        page.get_by_role("button", name="Logg inn").click()

    def visit(self, name, address, *arguments):
        """The person's page, at a named address."""
        page = self.page_of(name)
        page.goto(reverse(address, args=arguments))
        return page

    # --- what happens by itself -------------------------------------------------------------------

    @property
    def now(self):
        return clock.now()

    @property
    def planned_start(self):
        """A date after the deadline of every round that is open now, as one writes it."""
        return f"{self.now + timedelta(days=300):%d.%m.%Y}"

    def work(self):
        """Do what a worker would have done by now."""
        run_all_due(self.now)

    def pass_time(self, **lasting):
        """Let time pass; sessions end meanwhile, so that everybody signs in anew."""
        later = self.now + timedelta(**lasting)
        self.stop_clock()
        self._travel = time_machine.travel(later, tick=True)
        self._travel.start()
        for page in self._pages.values():
            page.context.close()
        self._pages = {}

    def until_closed(self, round_):
        """Let time pass until the morning after the deadline: only then can a list be locked."""
        self.pass_time(seconds=(round_.closes_at - self.now).total_seconds() + 9 * 3600)

    def stop_clock(self):
        if self._travel:
            self._travel.stop()
            self._travel = None

    # --- documents ------------------------------------------------------------------------------------

    def download(self, page, link, keep_as=None):
        """The file behind a link on the page, kept for people to read where ``make journey`` asks for it."""
        with page.expect_download() as waiting:
            page.get_by_role("link", name=link).first.click()
        content = waiting.value.path().read_bytes()
        folder = os.environ.get("PORTAL_JOURNEY_OUT")
        if folder and keep_as:
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / keep_as).write_bytes(content)
        return content

    # --- looking ----------------------------------------------------------------------------------

    def look(self, page, kind):
        """See the kind of page once a run, as everybody must.

        No axe violation, nothing cut off at any width, one filled button at the top, a list that begins on the first
        screen, no text that is too small, and nothing that a finger misses on a phone.
        """
        if kind in self._looked_at or not self.looks:
            return
        self._looked_at.add(kind)
        faults = [*axe_violations(page), *page.evaluate(FILLED)[1:]]
        faults += [fault for measure in (SMALL, LESS_THAN_READ, LOW) for fault in page.evaluate(measure)]
        assert faults == [], f"{kind}: {faults}"
        _photograph(page, f"{kind}-1280")
        sticking_out = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            if nodes := page.evaluate(STICKING_OUT):
                sticking_out[width] = nodes
            if width == PHONE["width"]:
                missed = page.evaluate(MISSED)
                _photograph(page, f"{kind}-360")
        page.set_viewport_size(DESK)
        assert (sticking_out, missed) == ({}, []), f"{kind}: {sticking_out} {missed}"


WIDTHS = (320, PHONE["width"], 640, 768, 1024, 1600)

# The filled buttons that are seen without scrolling: a page has one next step. The choices of a vote are alternatives.
FILLED = """() => [...document.querySelectorAll("main .ds-button:not([data-variant])")]
  .filter((node) => !node.closest(".vote__buttons"))
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().top < 900)
  .map((node) => node.textContent.trim())"""

# Words that are smaller than 12 px.
SMALL = """() => [...document.body.querySelectorAll("*")]
  .filter((node) => [...node.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim()))
  .filter((node) => node.checkVisibility() && parseFloat(getComputedStyle(node).fontSize) < 12)
  .map((node) => `${node.tagName}.${node.className}: ${node.textContent.trim().slice(0, 40)}`)"""

# Text that is read, and what one writes in, at less than 16 px. A table is denser.
LESS_THAN_READ = """() => {
  const read = "p.ds-paragraph:not([data-size], .muted), .prose :is(p, li), textarea, .ds-input, .ds-button";
  return [...document.querySelectorAll(`main :is(${read}):not(table *)`)]
    .filter((node) => node.checkVisibility() && parseFloat(getComputedStyle(node).fontSize) < 16)
    .map((node) => `${getComputedStyle(node).fontSize}: ${node.textContent.trim().slice(0, 40)}`);
}"""

# The first row of the list that the page is for, when it stands below the middle of the screen. A receipt goes away,
# and a table to choose one from is no list.
LOW = """() => {
  const receipt = document.querySelector(".messages")?.getBoundingClientRect().height ?? 0;
  const isPart = (row) => row.closest("section[aria-labelledby], details, aside") || row.querySelector("[type=radio]");
  return [...document.querySelectorAll("main .data-table--tight tbody tr:not(.group-row)")].slice(0, 1)
    .filter((row) => row.checkVisibility() && !isPart(row))
    .map((row) => Math.round(row.getBoundingClientRect().top + scrollY - receipt))
    .filter((top) => top > 450)
    .map((top) => `the first row stands at ${top} px`);
}"""

# What is less than 24 px with another target so near that a finger meets both, and buttons of less than 44 px. A link
# in a sentence is as tall as its line, and what is under a bar that stays is scrolled away from it.
MISSED = """() => {
  const inSentence = (node) => getComputedStyle(node).display === "inline" &&
    [...node.parentElement.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
  const isStuck = (node) => Boolean(node) &&
    (getComputedStyle(node).position === "sticky" || isStuck(node.parentElement));
  const targets = [...document.querySelectorAll("a[href], button, summary, select, textarea, input")]
    .filter((node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .map((node) => [node, node.getBoundingClientRect()])
    .filter(([node, box]) => box.width > 1 && box.height > 1 && !node.matches(".ds-skip-link"));
  const isNear = ([node, box]) => targets.some(([other, its]) => {
    if (node.contains(other) || other.contains(node) || isStuck(node) !== isStuck(other)) return false;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return Math.hypot(Math.max(its.left - x, 0, x - its.right), Math.max(its.top - y, 0, y - its.bottom)) < 12;
  });
  const small = ([node, box]) => Math.min(box.height, box.width) < 24 && !inSentence(node) && isNear([node, box]);
  const low = ([node, box]) => node.matches(".ds-button") && box.height < 43.9;
  return targets.filter((target) => small(target) || low(target))
    .map(([node, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${node.textContent.trim()}`);
}"""

# What is wider than the phone, unless it scrolls in a box of its own.
STICKING_OUT = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= innerWidth) return [];
  const scrolls = (node) => node && node !== document.body &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const found = [...document.body.querySelectorAll("*")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node.parentElement));
  return [`${wide} px`, ...found.slice(0, 5).map((node) => `${node.tagName}.${node.className}`)];
}"""


def _photograph(page, name):
    folder = os.environ.get("PORTAL_PICTURES_IN")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
