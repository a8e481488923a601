"""What somebody tries with addresses that the portal is to lead on to."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from portal import pending

FOREIGN = ["//evil.example.org/side", "/\\evil.example.org/side", "///evil.example.org"]


@pytest.mark.parametrize("path", FOREIGN)
def test_kept_text_never_leads_to_another_site(path):
    request = RequestFactory().post("/applications/", headers={"referer": f"http://testserver{path}"})
    assert pending.page_of(request) == "/applications/"


@pytest.mark.parametrize("address", [*FOREIGN, "https://evil.example.org/", "javascript:alert(1)"])
@pytest.mark.django_db
def test_language_never_leads_to_another_site(client, address):
    assert client.post(reverse("portal:language"), {"language": "nn", "next": address})["Location"] == "/"


@pytest.mark.django_db
def test_language_takes_a_word_for_an_address_and_not_for_a_view(client):
    answer = client.post(reverse("portal:language"), {"language": "nn", "next": "home"})
    assert (answer.status_code, answer["Location"]) == (302, "home")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/000001-abc/", "/mailbox/000001-abc/0/"])
def test_the_demos_mailbox_does_not_exist_elsewhere(client, address):
    assert client.get(address).status_code == 404
