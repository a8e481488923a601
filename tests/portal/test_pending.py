"""A long text survives a session that ended, an old token and a sign-in in another tab; never for somebody else."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from portal import pending
from tests import factories, world

TEXT = "En lang tekst om samhandling. " * 200
ORIGIN = "http://testserver"


@pytest.fixture
def page(house):
    """A page with a form that the secretary may use."""
    return reverse("portal:body_edit", args=[house.ssu.code])


@pytest.fixture
def strict():
    """A browser whose forms are checked for their token, as real ones are."""
    return Client(enforce_csrf_checks=True)


def typed(**changes):
    fields = {"name": "SSU", "mandate": TEXT, "decision_rule": "consensus", "quorum_percent": "50"}
    return {**fields, **changes}


def sign_in_and_open(client, person, page):
    client.force_login(person)
    return client.get(page)


def shown(answer):
    """The text in the form, and the notices above it."""
    return answer.context["form"]["mandate"].value(), [str(message) for message in get_messages(answer.wsgi_request)]


# --- no longer signed in ------------------------------------------------------------------------------


def test_text_is_shown_again_after_sign_in_and_nothing_is_saved(client, house, page):
    answer = client.post(page, typed(), headers={"referer": ORIGIN + page})
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={page}")
    text, notices = shown(sign_in_and_open(client, house.secretary, page))
    assert text == TEXT
    assert any("Teksten er tatt vare på" in notice for notice in notices)
    house.ssu.refresh_from_db()
    assert house.ssu.mandate == ""


def test_real_sign_in_leads_back_to_the_text(client, house, page):
    house.secretary.set_password(factories.PASSWORD)
    house.secretary.save()
    to_sign_in = client.post(page, typed())["Location"]
    sign_in = client.get(to_sign_in)
    assert "teksten dere skrev, er tatt vare på" in sign_in.content.decode()
    answer = client.post(to_sign_in, {"login": house.secretary.email, "password": factories.PASSWORD})
    assert answer["Location"] == page
    assert shown(client.get(page))[0] == TEXT


def test_the_sign_in_page_says_once_that_the_text_is_kept(client, page):
    for _autosave in range(3):
        to_sign_in = client.post(page, typed())["Location"]
    assert client.get(to_sign_in).content.decode().count("teksten dere skrev, er tatt vare på") == 1


def test_text_is_shown_once(client, house, page):
    client.post(page, typed())
    sign_in_and_open(client, house.secretary, page)
    assert shown(client.get(page)) == ("", [])


def test_text_is_shown_on_its_own_page_alone(client, house, page):
    client.post(page, typed())
    other = reverse("portal:body_edit", args=[house.fsu.code])
    assert shown(sign_in_and_open(client, house.secretary, other))[0] == ""
    assert shown(client.get(page))[0] == TEXT


def test_text_is_not_shown_to_another_person_on_the_same_browser(client, house, page):
    sign_in_and_open(client, house.hospital_secretary, page)
    del client.cookies["sessionid"]
    client.post(page, typed())
    text, notices = shown(sign_in_and_open(client, house.secretary, page))
    assert text == ""
    assert not any("se over" in notice for notice in notices)
    assert TEXT not in str(dict(client.session))


def test_text_is_kept_for_the_person_who_was_signed_in_last(client, house, page):
    sign_in_and_open(client, house.secretary, page)
    del client.cookies["sessionid"]
    client.post(page, typed())
    assert shown(sign_in_and_open(client, house.secretary, page))[0] == TEXT


@pytest.mark.parametrize(("minutes", "kept"), [(60, TEXT), (61, "")])
def test_text_is_kept_for_an_hour(client, house, page, frozen_clock, minutes, kept):
    client.post(page, typed())
    frozen_clock.move_to(world.NOW + timedelta(minutes=minutes))
    assert shown(sign_in_and_open(client, house.secretary, page))[0] == kept


def test_text_that_is_too_long_to_keep_still_leads_to_sign_in(client, house, page):
    answer = client.post(page, typed(mandate="x" * pending.MAX_BYTES))
    assert answer["Location"] == f"/account/login/?next={page}"
    assert pending.SESSION_KEY not in client.session


def test_so_many_forms_are_kept_and_the_oldest_is_given_up(client, house, monkeypatch):
    monkeypatch.setattr(pending, "MAX_FORMS", 3)
    pages = [reverse("portal:body_edit", args=[body.code]) for body in (house.ssu, house.fsu, house.secretariat)]
    addresses = reverse("portal:addresses", args=[house.community.code])
    for page in (*pages, addresses):
        client.post(page, typed())
    assert list(client.session[pending.SESSION_KEY]) == [*pages[1:], addresses]


def test_tokens_passwords_and_files_are_not_kept(client, page, tmp_path):
    upload = tmp_path / "plan.pdf"
    upload.write_bytes(b"%PDF-1.7")
    with upload.open("rb") as plan:
        client.post(page, {**typed(), "csrfmiddlewaretoken": "t", "password1": "hemmelig", "plan": plan})
    kept = client.session[pending.SESSION_KEY][page]
    assert kept["had_files"]
    assert not any(word in kept["body"] for word in ("csrf", "hemmelig", "plan.pdf"))


def test_notice_says_that_files_must_be_chosen_again(client, house, page, tmp_path):
    upload = tmp_path / "plan.pdf"
    upload.write_bytes(b"%PDF-1.7")
    with upload.open("rb") as plan:
        client.post(page, {**typed(), "plan": plan})
    notices = shown(sign_in_and_open(client, house.secretary, page))[1]
    assert any("Filer må legges ved på nytt." in notice for notice in notices)


def test_forms_about_the_account_are_never_kept(client, db):
    client.post(reverse("account_change_password"), {"oldpassword": "a", "password1": "b", "password2": "b"})
    assert pending.SESSION_KEY not in client.session


def test_visit_without_a_form_keeps_nothing(client, page):
    assert client.get(page)["Location"] == f"/account/login/?next={page}"
    assert pending.SESSION_KEY not in client.session


# --- where the form stood --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        (ORIGIN + "/my-page/?a=1", "/my-page/%3Fa%3D1"),
        ("https://evil.example.org/my-page/", None),
        (ORIGIN + "/account/login/", None),
        ("", None),
    ],
)
def test_sign_in_leads_back_to_the_page_of_the_form_on_our_own_site(client, page, referer, target):
    answer = client.post(page, typed(), headers={"referer": referer})
    assert answer["Location"] == f"/account/login/?next={target or page}"


@pytest.mark.parametrize(("method", "refresh"), [("get", "true"), ("post", None)])
def test_fragment_is_not_replaced_by_the_page_of_sign_in(client, page, method, refresh):
    answer = getattr(client, method)(page, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.get("HX-Refresh")) == (401, refresh)


# --- an old token ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"origin": ORIGIN}, {"referer": ORIGIN + "/"}], ids=["origin", "referer"])
def test_old_token_gives_the_text_back_to_the_person_who_is_signed_in(strict, house, page, headers):
    strict.force_login(house.secretary)
    answer = strict.post(page, typed(), headers=headers)
    assert answer.status_code == 302
    assert not answer["Location"].startswith("/account/")
    text, notices = shown(strict.get(page))
    assert text == TEXT
    assert any("Teksten er tatt vare på" in notice for notice in notices)
    house.ssu.refresh_from_db()
    assert house.ssu.mandate == ""


def test_old_token_without_a_session_leads_to_sign_in_and_back_to_the_text(strict, house, page):
    answer = strict.post(page, typed(), headers={"origin": ORIGIN})
    assert answer["Location"] == f"/account/login/?next={page}"
    assert shown(sign_in_and_open(strict, house.secretary, page))[0] == TEXT


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://evil.example.org"}, {"origin": "null"}, {"referer": "https://evil.example.org/"}],
    ids=["nothing", "foreign", "null", "foreign-referer"],
)
def test_foreign_page_puts_no_words_in_anybodys_form(strict, house, page, headers):
    strict.force_login(house.secretary)
    answer = strict.post(page, typed(), headers=headers)
    assert answer.status_code == 403
    assert shown(strict.get(page)) == ("", [])


def test_foreign_page_does_not_sign_anybody_out(strict, page, db):
    """A cross-site form comes without the session cookie: answering with a new one would end the person's session."""
    answer = strict.post(page, typed(), headers={"origin": "https://evil.example.org"})
    assert "sessionid" not in answer.cookies


def test_mark_of_the_person_is_not_the_address(client, house, page):
    sign_in_and_open(client, house.secretary, page)
    mark = client.cookies[pending.OWNER_COOKIE]
    assert (len(mark.value), mark["httponly"], mark["samesite"]) == (64, True, "Lax")
    assert house.secretary.email not in mark.value
