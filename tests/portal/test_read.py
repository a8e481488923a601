"""The address that tells a page how the portal reads what was typed."""

import pytest
from django.urls import reverse

READ = reverse("portal:read")


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("date", "1/9-27", "Lest som onsdag 1. september 2027."),
        ("money", "kr 350 000,00", "Lest som 350\u00a0000\u00a0kr."),
        ("money", "1,25 mill.", "Lest som 1\u00a0250\u00a0000\u00a0kr."),
    ],
)
def test_what_is_read_is_told(client, kind, text, said):
    answer = client.get(READ, {"kind": kind, "text": text})
    assert (answer.status_code, answer.content.decode()) == (200, said)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "snart"),
        ("money", "ca 300"),
        ("money", "9" * 61),
        ("money", "-5"),
        ("money", "12,50"),
        ("mood", "1"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_is_not_guessed(client, kind, text):
    answer = client.get(READ, {"kind": kind, "text": text})
    assert (answer.status_code, answer.content) == (204, b"")
