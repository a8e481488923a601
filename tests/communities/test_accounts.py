"""Signing in: by address and password, with sentences, limits and a way back; nobody signs up."""

import re

import pytest
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.communities import known_devices
from portal.communities.services import people
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from tests import factories
from tests.world import NOW

LOGIN = reverse("account_login")


@pytest.fixture
def person(db):
    return factories.user("Kari Søker", email="kari.soker@example.org", password=factories.PASSWORD)


def sign_in(client, password=factories.PASSWORD, login="kari.soker@example.org", to=LOGIN):
    return client.post(to, {"login": login, "password": password})


def is_signed_in(client):
    return client.get(reverse("portal:my_page")).status_code == 200


@pytest.mark.parametrize("login", ["kari.soker@example.org", "Kari.Soker@Example.org"])
def test_person_signs_in_with_address_and_password(client, person, login):
    assert sign_in(client, login=login)["Location"] == "/"
    assert is_signed_in(client)


def test_sign_in_leads_back_to_where_the_person_was_going(client, person):
    to_sign_in = client.get(reverse("portal:profile"))["Location"]
    assert sign_in(client, to=to_sign_in)["Location"] == reverse("portal:profile")


def test_sign_in_leads_to_no_other_site(client, person):
    assert sign_in(client, to=LOGIN + "?next=https://evil.example.org/")["Location"] == "/"


@pytest.mark.parametrize(
    ("login", "password"), [("kari.soker@example.org", "feil"), ("ingen@example.org", factories.PASSWORD)]
)
def test_wrong_address_and_wrong_password_get_the_same_sentence(client, person, login, password):
    page = sign_in(client, password, login).content.decode()
    assert "E-postadressen eller passordet er feil." in page
    assert not is_signed_in(client)


def test_closed_account_does_not_open(client, person):
    person.is_active = False
    person.save()
    sign_in(client)
    assert not is_signed_in(client)


def test_too_many_failures_close_the_door_for_a_while(client, person, settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    }
    settings.ACCOUNT_RATE_LIMITS = settings.LOGIN_LIMITS
    for _ in range(5):
        sign_in(client, "feil")
    page = sign_in(client).content.decode()
    assert "For mange forsøk. Vent fem minutter og prøv igjen." in page
    assert not is_signed_in(client)
    cache.clear()


def test_the_door_is_closed_for_as_long_as_the_sentence_says(settings):
    limits = {name: parse_rates(rate) for name, rate in settings.LOGIN_LIMITS.items() if name != "login"}
    assert {rate.duration for rates in limits.values() for rate in rates} == {5 * 60}


def test_what_others_try_keeps_nobody_out_of_a_device_that_is_known(client, person, settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)}
    }
    settings.ACCOUNT_RATE_LIMITS = {**settings.LOGIN_LIMITS, "login_failed": "8/5m/ip,5/5m/key"}
    sign_in(client)
    client.post(reverse("account_logout"))
    stranger = Client()
    for number in range(8):
        sign_in(stranger, "feil", login=f"{number}@example.org")
    sign_in(stranger)
    assert not is_signed_in(stranger)
    for _ in range(9):
        sign_in(client, "feil")
    sign_in(client)
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    for _ in range(10):
        sign_in(client, "feil")
    assert "For mange forsøk." in sign_in(client).content.decode()
    cache.clear()


def test_a_device_is_known_to_those_who_signed_in_there_alone(client, person, rf, settings):
    sign_in(client)
    cookie = client.cookies[known_devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    request = rf.post(LOGIN)
    request.COOKIES[known_devices.COOKIE] = cookie.value
    assert known_devices.name_of(request, person.pk)
    assert not known_devices.name_of(request, person.pk + 1)
    request.COOKIES[known_devices.COOKIE] = cookie.value[:-1] + "!"
    assert not known_devices.name_of(request, person.pk)
    assert not known_devices.is_marked(rf.post(LOGIN))


def test_nobody_signs_up(client, db):
    answer = client.post(reverse("account_signup"), {"email": "ny@example.org", "password1": "x", "password2": "x"})
    assert answer.status_code == 200
    assert not is_signed_in(client)
    assert "account_signup" not in client.get(LOGIN).content.decode()


def test_language_of_the_person_is_the_interfaces_after_sign_in(client, person):
    person.language = "nn"
    person.save()
    assert sign_in(client).cookies["django_language"].value == "nn"


def test_signing_out_needs_a_post_and_ends_the_session(client, person):
    sign_in(client)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


# --- a new password ---------------------------------------------------------------------------------------


def test_forgotten_password_is_chosen_anew_by_a_link(client, person, inbox):
    client.post(reverse("account_reset_password"), {"email": "Kari.Soker@example.org"})
    assert run_all_due(NOW.replace(year=2100)) == 1
    (mail,) = inbox.to("kari.soker@example.org")
    link = next(word for word in mail.get_body(("plain",)).get_content().split() if "/reset/key/" in word)
    answer = client.get("/" + link.split("/", 3)[3], follow=True)
    assert re.search(r"<h1[^>]*>\s*Velg nytt passord\s*</h1>", answer.text)
    assert "Du logger inn med kari.soker@example.org" in answer.text
    form = answer.request["PATH_INFO"]
    client.post(form, {"password1": "noe helt annet enn før", "password2": "noe helt annet enn før"})
    person.refresh_from_db()
    assert person.check_password("noe helt annet enn før")


def test_one_who_is_invited_is_welcomed(client, house):
    people.send_invitation(house.applicant, tenant=house.community, by=house.secretary, at=NOW)
    link = next(word for word in Message.objects.get().body_text.split() if "/reset/key/" in word)
    answer = client.get("/" + link.split("/", 3)[3], follow=True)
    assert re.search(r"<h1[^>]*>\s*Velkommen. Velg et passord\s*</h1>", answer.text)


def test_a_link_that_is_used_up_leads_to_a_new_one(client, db):
    page = client.get("/account/password/reset/key/1-abc-def/", follow=True).text
    assert "Lenken virker ikke lenger" in page
    assert f'<a class="ds-button" href="{reverse("account_reset_password")}">Be om en ny lenke</a>' in page


def test_the_link_goes_to_the_portal_whatever_the_request_was_addressed_to(client, person, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://portal.example.org"
    client.post(reverse("account_reset_password"), {"email": person.email}, headers={"host": "evil.example.org"})
    message = Message.objects.get()
    assert "https://portal.example.org/account/password/reset/key/" in message.body_text
    assert "evil" not in message.body_text + message.body_html


def test_unknown_address_gets_the_same_answer_and_no_mail(client, person):
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "ingen@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.recipient for message in Message.objects.all()] == [person.email]


def test_used_or_invented_link_says_so(client, db):
    page = client.get(reverse("account_reset_password_from_key", args=["1", "abc-def"])).content.decode()
    assert reverse("account_reset_password") in page


@pytest.mark.parametrize("password", ["kort", "qwerty123456", "kari.soker@example"])
def test_short_or_common_password_is_refused(client, person, password):
    sign_in(client)
    fields = {"oldpassword": factories.PASSWORD, "password1": password, "password2": password}
    client.post(reverse("account_change_password"), fields)
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)


# --- two steps -----------------------------------------------------------------------------------------------


def test_person_with_a_second_step_gives_a_code(client, person, frozen_clock):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    assert Authenticator.objects.get().user == person
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Feil kode." in page
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post(reverse("mfa_authenticate"), {"code": code})["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize("name", ["account_login", "account_change_password", "account_reauthenticate"])
def test_the_link_to_a_new_password_is_under_the_fields(name, person, client):
    if name != "account_login":
        client.force_login(person)
    page = client.get(reverse(name)).content.decode()
    link = f'<a class="ds-link" href="{reverse("account_reset_password")}">Glemt passord</a>'
    fields = [match.start() for match in re.finditer('<input[^>]+type="password"', page)]
    assert page.count(reverse("account_reset_password")) == 1
    assert fields[-1] < page.index(link) < page.index('<div class="form-actions">')


def test_a_wrong_password_is_one_sentence(house, client):
    typed = {"login": house.applicant.email, "password": "feil passord her"}
    page = client.post(reverse("account_login"), typed).text
    assert ("Dette må rettes" in page, "data-error-summary" in page, "Glemt passord" in page) == (False, True, True)


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("account_login", ["E-post", "Passord"]),
        ("account_reset_password", ["E-post"]),
        ("account_change_password", ["Nåværende passord", "Nytt passord", "Nytt passord (igjen)"]),
    ],
)
def test_what_is_missing_is_named(person, client, page, fields):
    if page == "account_change_password":
        sign_in(client)
    told = client.post(reverse(page), {}).content.decode()
    assert re.findall(r'<p class="ds-validation-message">([^<]+)', told) == [f"Fyll ut «{field}»." for field in fields]
