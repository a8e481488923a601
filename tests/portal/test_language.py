"""The interface speaks the language that the person chose, else bokmål."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def page(client, **headers):
    answer = client.get(reverse("rounds:list"), headers=headers)
    return answer.headers["Content-Language"], answer.content.decode()


@pytest.mark.parametrize("browser", ["en-US,en;q=0.9", "nn", "se", ""])
def test_the_browsers_own_setting_is_not_asked(client, browser):
    code, html = page(client, **{"accept-language": browser})
    assert code == "nb"
    assert '<html lang="nb"' in html


@pytest.mark.parametrize("code", ["nb", "nn", "se", "en"])
def test_the_choice_in_the_footer_holds(client, code):
    client.post(reverse("portal:language"), {"language": code, "next": "/rounds/"})
    spoken, html = page(client)
    assert spoken == code
    assert f'<html lang="{code}"' in html


def test_a_language_that_is_not_offered_is_bokmaal(client):
    client.cookies["django_language"] = "xx"
    assert page(client)[0] == "nb"
