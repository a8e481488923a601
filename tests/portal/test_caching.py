"""A browser keeps nothing of what a signed-in person has seen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.applications import world
from tests.harness import worlds
from tests.harness.pages import walk

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A9")]


@worlds.world
def northern(house):
    """A round that anybody may read about."""
    return world.real_round("helse-nord-2025")


def kept(answer):
    answer.close()
    return answer.headers.get("Cache-Control", "") != "private, no-store"


def test_no_page_of_a_signed_in_person_is_kept(house, northern, sign_in):
    client = sign_in(house.secretary)
    paths = [page.path for page in walk(client)]
    assert len(paths) > 10
    others = ["/nowhere/", reverse("rounds:calendar", args=[northern.code]), reverse("portal:log"), "/read/?kind=date"]
    assert [path for path in [*paths, *others] if kept(client.get(path))] == []
    assert not kept(client.post(reverse("portal:body_add"), {}))


def test_what_everybody_sees_may_be_kept(client, northern):
    assert kept(client.get(reverse("rounds:detail", args=[northern.code])))


def test_the_store_is_emptied_after_signing_out(house, sign_in):
    answer = sign_in(house.secretary).post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.browser
def test_back_after_signing_out_shows_the_sign_in(house, open_as):
    page = open_as(house.secretary)
    page.goto(reverse("portal:person_list"))
    page.locator(".site-user summary").click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.get_by_role("main").get_by_role("button", name="Logg inn")).to_be_visible()
    expect(page.get_by_text(house.chair.email)).to_have_count(0)
