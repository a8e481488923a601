"""The forms of all pages that the demo's persons reach: each has a way back, and its errors lead to its fields."""

import re

import pytest
from django.core.management import call_command
from django.db import transaction

from portal.communities.models import User
from tests.harness import worlds
from tests.harness.pages import PageForm, walk
from tests.test_any_input import PERSONS, client_of, encoded

pytestmark = [pytest.mark.slow, pytest.mark.sqlite, pytest.mark.timeout(300)]

# What stands in a page between the header and the footer, its forms that post, and the rows of their buttons.
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
FORM = re.compile(r'<form[^>]* method="post".*?</form>', re.DOTALL)
ACTIONS = re.compile(r'<(div|p) class="form-actions.*?</\1>', re.DOTALL)
SUMMARY = re.compile(r'<div class="ds-error-summary".*?</ul>', re.DOTALL)
# Forms without a way back beside their button, and why.
WITHOUT = {
    "account_login": "whoever signs in comes from nowhere",
    "actions:item": "the page of the item, with a form on it: the strip over the heading leads to the list",
    "account_reauthenticate": "Django's own step between a page and its act",
}
WRONG = ("", "31.12.9999", "-1", "x" * 3_000)


@worlds.world
def demo():
    """The demo's people and rounds."""
    call_command("load_demo", verbosity=0)
    return {user.email.partition("@")[0]: user.pk for user in User.objects.all()}


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


@pytest.mark.parametrize("person", PERSONS)
def test_a_form_has_a_way_back_and_its_errors_lead_to_its_fields(demo, person):
    client = client_of(demo, person)
    pages = walk(client)
    assert {page.kind for page in pages if way_back_is_missing(page)} == set()
    tried = [lost_targets(client, page, form) for page in pages for form in page.forms]
    assert set().union(*(lost for _followed, lost in tried)) == set()
    assert any(followed for followed, _lost in tried) or person in ("", "vurderer.kommunene")
