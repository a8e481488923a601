"""Error pages that need more than a template."""

import sys
from http import HTTPStatus
from typing import NoReturn

from django.conf import settings
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from portal import pending


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that was open for too long or came from another site; text from our own pages is kept."""
    return pending.after_csrf_failure(request) or render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with when to try again while no connection to the database can be had."""
    if not _is_without_database(sys.exc_info()[1]):
        return defaults.server_error(request)
    answer = HttpResponse(loader.get_template("503.html").render(), status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(settings.CONNECT_SECONDS)
    return answer


def _is_without_database(error: BaseException | None) -> bool:
    """Whether PostgreSQL is down, starts, or is full: no connection was opened, or the one there was is closed."""
    link = connection.connection
    return isinstance(error, OperationalError) and (link is None or getattr(link, "closed", False))


def nothing_here(request: HttpRequest) -> NoReturn:
    """404 for an address of a library that the portal does not use."""
    raise Http404
