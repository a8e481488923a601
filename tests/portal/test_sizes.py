"""What is too large is refused before it is read, whoever sends it."""

import io
from wsgiref.util import is_hop_by_hop

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portal import sizes
from portal.files.archive import MB

FORM = "multipart/form-data; boundary=x"
SIGN_IN = "/account/login/"


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_size):
        raise AssertionError("the body was read")


def send(path=SIGN_IN, **meta):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    return client.post(path, b"", content_type=FORM, **{"wsgi.input": Unread(), **meta})


@pytest.mark.parametrize("length", [f"{21 * MB + 1}", "9" * 5_000])
def test_a_body_that_is_too_large_is_refused_unread(db, length):
    answer = send(CONTENT_LENGTH=length)
    # An application may not say what is between two servers: some of them stop at it.
    assert (answer.status_code, [name for name in answer.headers if is_hop_by_hop(name)]) == (413, [])
    assert "Filen eller skjemaet er for stort" in answer.content.decode()


def test_a_body_that_does_not_say_how_large_it_is_is_refused_unread(db):
    assert send(CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked").status_code == 411


@pytest.mark.parametrize("length", ["", "0", f"{21 * MB}"])
def test_a_form_with_the_largest_file_is_let_through(length):
    handler = sizes.middleware(lambda _request: HttpResponse("inne"))
    assert handler(RequestFactory().post("/", CONTENT_LENGTH=length)).content == b"inne"
