"""Nobody's words are written to the process log."""

import io
import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

REASON = "Habiliteten din i «Trygg hjem» må avgjøres"


@pytest.mark.parametrize(("status", "is_told"), [(403, False), (400, False), (404, False), (500, True)])
def test_the_reason_of_a_refusal_stays_out_of_the_log_and_a_fault_does_not(monkeypatch, status, is_told):
    (console,) = [handler for handler in logging.getLogger().handlers if handler.name == "console"]
    written = io.StringIO()
    monkeypatch.setattr(console, "stream", written)
    request, response = RequestFactory().get("/side/"), HttpResponse(status=status)
    log_response(
        "Not answered: %s", request.path, request=request, response=response, exception=PermissionDenied(REASON)
    )
    assert ("Not answered: /side/" in written.getvalue(), REASON in written.getvalue()) == (True, is_told)
