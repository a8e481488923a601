"""Every page that a person reaches: its forms have a way back, errors lead to fields, and no input stops the server.

The demo is the world: it has something to do for each person. Every form, every query and every address is tried with
values that nobody should type. Each gate takes a share of the tries, drawn anew; the seed is printed, and
``PORTAL_SEED`` and ``PORTAL_TRIES`` try a certain one again, or all.
"""

import os
import random
import re
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from portal.communities.models import User
from tests.harness import worlds
from tests.harness.pages import PageForm, walk

# In a gate one person tries; the others before a release, on both databases.
PERSONS = (
    "samhandlingsleder.kommunene",
    *(
        pytest.param(person, marks=pytest.mark.release)
        for person in (
            "",
            "ssu.leder",
            "prosjektleder.senja",
            "kommunedirektor.bardu",
            "vurderer.kommunene",
            "regional.radgiver",
            "prosjektleder.hamar",
        )
    ),
)
EXTREME = (
    "",
    "31.12.9999",
    "01.01.0001",
    "29.02.2027",
    "28.03.2027",
    "02.30",
    "99.99",
    "9" * 4400,
    "-1",
    "0",
    "-0",
    "999999999999999",
    "99999999999999999999",
    "1e999",
    "NaN",
    "Infinity",
    "٣",
    "½",
    "1,5",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e<b>",
    "%",
    "_\\'\"`--;",
    "{{ 1 }}{% now %}",
    "x" * 300_000,
    "A\u030a\u0338",
    "👩‍👩‍👧‍👦" * 50,
    "on",
    "true",
    # Not «None»: a mail that quotes it would look as if something were missing in it (tests/harness/whole_mails.py).
    "null",
    "[]",
    "../../etc/passwd",
    "//evil.example.org",
    "a@b@c",
    "\r\nSet-Cookie: a=b",
    "2027-09-01T00:00",
)
QUERIES = (
    "page", "q", "text", "sort", "status", "stage", "row", "from", "next", "view", "votes", "revision", "assessor",
    "municipality", "actor", "first_day", "last_day", "return", "round", "day", "add", "open", "edit", "prefix",
    "chosen", "selected",
)  # fmt: skip
NUMBERS = ("0", "-1", "1", "99999999999", "9" * 30, "%00", "a%00b", "x" * 300, "%ED%A0%80", "%F0%9F%91%A9", "..", "%2F")
TRIES = int(os.environ.get("PORTAL_TRIES", "20"))
# What stands in a page between the header and the footer, its forms that post, and the rows of their buttons.
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
FORM = re.compile(r'<form[^>]* method="post".*?</form>', re.DOTALL)
ACTIONS = re.compile(r'<(div|p) class="form-actions.*?</\1>', re.DOTALL)
SUMMARY = re.compile(r'<div class="ds-error-summary".*?</ul>', re.DOTALL)
# Forms without a way back beside their button, and why.
WITHOUT = {
    "account_login": "whoever signs in comes from nowhere",
    "actions:item": "the page of the item, with a form on it: the strip over the heading leads to the list",
    "plans:measure": "the page of the measure, with a form on it: the strip over the heading leads to the plan",
    "account_reauthenticate": "Django's own step between a page and its act",
}
WRONG = ("", "31.12.9999", "-1", "x" * 3_000)


@worlds.world
def demo():
    """The demo's people and rounds."""
    call_command("load_demo", verbosity=0)
    return {user.email.partition("@")[0]: user.pk for user in User.objects.all()}


def client_of(demo, person):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(
            User.objects.get(pk=demo[person]), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return client


def encoded(data):
    """The body as a browser sends it; half a surrogate pair as the bytes that a careless program sends."""
    return urlencode(data, doseq=True, errors="surrogatepass")


def posts(pages):
    """Each form with all it asks at its extreme, and with one field at a time."""
    for page in pages:
        for form in page.forms:
            if "logout" in form.action or "password" in form.action:
                continue
            for value in EXTREME:
                for name in [*form.values, None]:
                    changed = form.with_value(name, value) if name else {each: [value] for each in form.typed}
                    data = {**form.values, **changed}
                    yield (form.method, form.action, data, f"{page.path} {name or 'all fields'}={value[:30]!r}")


def queries(pages):
    for page in pages:
        for name in QUERIES:
            for value in EXTREME:
                yield (
                    "get",
                    page.path.partition("?")[0],
                    {name: value[:9_000]},
                    f"{page.path}?{name}={value[:30]!r}",
                )


def addresses(pages):
    """Each address with each of its changing parts at an extreme."""
    for page in pages:
        parts = page.path.partition("?")[0].split("/")
        for position, part in enumerate(parts):
            if re.fullmatch(r"\d+|[A-Z0-9]{8}|[a-z]+(-[a-z0-9]+)+", part):
                for value in NUMBERS:
                    path = "/".join([*parts[:position], value, *parts[position + 1 :]])
                    yield ("get", path, {}, path[:200])


def status_of(client, method, path, data):
    path, body = path.partition("#")[0], encoded(data)
    if method == "post":
        answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
    else:
        answer = client.get(path + ("&" if "?" in path else "?") + body if body else path)
    answer.close()
    return answer.status_code


# --- ways back, and errors that lead to their fields -----------------------------------------------------


def way_back_is_missing(page):
    """Whether the page is there for one form, and no link stands in the rows of its buttons.

    What is saved while one writes needs none: the strip over the page leads back.
    """
    main = MAIN.search(page.html).group()
    forms = FORM.findall(main)
    if len(forms) != 1 or "data-autosave" in main or page.kind in WITHOUT:
        return False
    rows = [row.group() for row in ACTIONS.finditer(main)]
    return bool(rows) and not any("<a " in row for row in rows)


def answer_to(client, form: PageForm, value):
    """The page that a press gives with this in every field, of which nothing stays."""
    with transaction.atomic():
        data = encoded({**form.values, **{name: [value] for name in form.typed}})
        answer = client.post(form.action.partition("#")[0], data, content_type="application/x-www-form-urlencoded")
        html = "" if answer.streaming else answer.content.decode(errors="replace")
        answer.close()
        transaction.set_rollback(True)
    return html


def lost_targets(client, page, form):
    """Where the summaries of errors lead: how many places, and those that the page has not."""
    if form.method != "post" or "/account/" in form.action or "language" in form.action:
        return 0, set()
    followed, lost = 0, set()
    for html in (answer_to(client, form, value) for value in WRONG):
        targets = re.findall(r'href="#([^"]*)"', "".join(SUMMARY.findall(html)))
        followed += len(targets)
        lost |= {(page.kind, target) for target in targets if f'id="{target}"' not in html}
    return followed, lost


# --- the test ---------------------------------------------------------------------------------------------


def wrong_answers(client, pages):
    """The tries that gave an error of the server, then or on the page after; the seed of the draw first."""
    seed = int(os.environ.get("PORTAL_SEED", random.SystemRandom().randrange(10**6)))
    drawn = random.Random(seed)
    wrong = []
    for tries in map(list, (posts(pages), queries(pages), addresses(pages))):
        for method, path, data, said in drawn.sample(tries, min(TRIES, len(tries))):
            with transaction.atomic():
                status = status_of(client, method, path, data)
                after = client.get("/").status_code if method == "post" else 200
                transaction.set_rollback(True)
            if status >= 500 or after >= 500:
                wrong.append(f"seed {seed}: {status} {after} {method} {said}")
    return wrong


# One walk and one load of the demo for all three: to reach the pages takes longer than to look at them.
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", PERSONS)
def test_each_page_leads_back_tells_where_the_errors_are_and_takes_any_input(demo, person):
    client = client_of(demo, person)
    pages = walk(client)
    assert len(pages) > 5
    assert {page.kind for page in pages if way_back_is_missing(page)} == set()
    tried = [lost_targets(client, page, form) for page in pages for form in page.forms]
    assert set().union(*(lost for _followed, lost in tried)) == set()
    assert any(followed for followed, _lost in tried) or person in ("", "vurderer.kommunene")
    assert wrong_answers(client, pages) == []
