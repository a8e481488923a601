"""In a browser: a session that ends in the middle of a long text, with and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.harness.browser import axe_violations

TEXT = "En lang tekst om hvorfor kommunene og sykehuset skal dele på oppgavene. " * 40


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_text_survives_the_new_sign_in(house, open_as, javascript):
    house.secretary.set_password(factories.PASSWORD)
    house.secretary.save()
    page = open_as(house.secretary, java_script_enabled=javascript)
    page.goto(reverse("portal:body_edit", args=[house.ssu.code]))
    page.get_by_label("Mandat").fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lagre organet").click()

    expect(page.get_by_text("teksten dere skrev, er tatt vare på")).to_be_visible()
    page.get_by_label("E-post").fill(house.secretary.email)
    page.get_by_label("Passord", exact=True).fill(factories.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logg inn").click()

    expect(page.get_by_label("Mandat")).to_have_value(TEXT)
    if javascript:
        assert axe_violations(page) == []
    house.ssu.refresh_from_db()
    assert house.ssu.mandate == ""
    page.get_by_role("button", name="Lagre organet").click()
    expect(page.get_by_text("Organet er lagret.")).to_be_visible()
    house.ssu.refresh_from_db()
    assert house.ssu.mandate == TEXT.strip()
