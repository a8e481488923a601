"""The requests that views get: Django's request with what the portal's middleware adds."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from portal import arrival, clock
from portal.communities.models import User


class Request(HttpRequest):
    """Anybody's request. ``now`` (UTC), when it came in, is the only time that its views use."""

    now: datetime
    htmx: HtmxDetails
    user: User | AnonymousUser


class PersonRequest(Request):
    """The request of a person who has signed in: for views behind ``login_required``."""

    user: User


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.now`` (UTC), once a request and before anything else is done with it: when it came in.

    The proxy says it, where ``REQUEST_START_HEADER`` names its header. Without, a request that has waited for a worker
    came in when the worker took it.
    """

    def at_one_time(request: HttpRequest) -> HttpResponse:
        header = settings.REQUEST_START_HEADER
        is_trusted = bool(header) and arrival.is_proxy(request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES)
        told = request.headers.get(header, "") if is_trusted else ""
        came_in = arrival.arrived_at(told, clock.system_now(), is_trusted=is_trusted)
        request.now = clock.shown(came_in)  # type: ignore[attr-defined]
        return get_response(request)

    return at_one_time
