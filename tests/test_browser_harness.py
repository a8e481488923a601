"""What fails a journey, seen without a browser."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests.harness.browser import server_errors


def _break(request):
    raise LookupError


urlpatterns = [
    path("broken/", _break),
    path("unavailable/", lambda _request: HttpResponse(status=503)),
    path("missing/", lambda _request: HttpResponse(status=404)),
]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/broken/", ["Internal Server Error: /broken/"]),
        ("/unavailable/", ["Service Unavailable: /unavailable/"]),
        ("/missing/", []),
    ],
)
def test_answers_of_500_and_above_are_noticed(address, expected, settings):
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    troubles = []
    with server_errors(troubles):
        Client(raise_request_exception=False).get(address)
    Client(raise_request_exception=False).get("/broken/")
    assert troubles == expected
