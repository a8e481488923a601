"""Error pages that need more than a template."""

import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import NoReturn

from django.conf import settings
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve
from django.views import defaults

from portal import pending
from portal.permissions import EarlyError, PastError


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that was open for too long or came from another site; text from our own pages is kept."""
    return pending.after_csrf_failure(request) or render(request, "403_csrf.html", status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the way on and another heading where the person has access, and it is too early or too late."""
    if isinstance(exception, EarlyError):
        told = {"exception": str(exception), "first": exception.first}
        return render(request, "403_early.html", told, status=HTTPStatus.FORBIDDEN)
    if not isinstance(exception, PastError):
        return defaults.permission_denied(request, exception)
    context = {"exception": str(exception), "above": _page_above(request.path)}
    return render(request, "403_past.html", context, status=HTTPStatus.FORBIDDEN)


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


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A page, and not an empty one, for who comes by a link or «Reload» to an address that only a button posts to."""

    def with_page(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        is_read = request.method == "GET" and answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if not is_read or answer.content:
            return answer
        page = render(request, "405.html", {"above": _page_above(request.path)}, status=answer.status_code)
        page["Allow"] = answer["Allow"]
        return page

    return with_page


def _page_above(path: str) -> str:
    """The nearest address above this one that the portal has; the front page when there is no other."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            parts.pop()
        else:
            return above
    return "/"


def nothing_here(request: HttpRequest) -> NoReturn:
    """404 for an address of a library that the portal does not use."""
    raise Http404
