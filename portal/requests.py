"""The requests that views get: Django's request with what the portal's middleware adds."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from portal import clock
from portal.communities.models import User


class Request(HttpRequest):
    """Anybody's request. ``now`` (UTC) is the only time that the views of the request use."""

    now: datetime
    htmx: HtmxDetails
    user: User | AnonymousUser


class PersonRequest(Request):
    """The request of a person who has signed in: for views behind ``login_required``."""

    user: User


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.now`` (UTC), once a request."""

    def at_one_time(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return at_one_time
