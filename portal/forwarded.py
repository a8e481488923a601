"""The demo answers those who sit at its machine, and nobody else.

Its passwords and its secret key are in the repository, and one of its pages is everybody's mail.
"""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]
MISDIRECTED = 421
# What proxies, tunnels and content networks add to a request that they hand on, as WSGI names it.
ADDED = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_CF_", "HTTP_TRUE_CLIENT_IP")
# What nginx speaks to the server behind it unless it is told otherwise. No browser has spoken it for decades.
OLD_PROTOCOLS = ("HTTP/1", "HTTP/1.0")


def middleware(get_response: Handler) -> Handler:
    """Refuse what did not come straight from this machine. Only the demo has it; it comes before all other."""
    if not settings.IS_DEMO:
        raise MiddlewareNotUsed

    def from_this_machine(request: HttpRequest) -> HttpResponse:
        if is_forwarded(request):
            text = _(
                "Dette er en demo, som bare svarer den maskinen den kjører på. Skal andre bruke portalen, må den "
                "kjøres i produksjon (docs/operations.md)."
            )
            return HttpResponse(text, status=MISDIRECTED, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return from_this_machine


def is_forwarded(request: HttpRequest) -> bool:
    """Whether the request came through another server, or from another machine, as far as it shows."""
    meta = request.META
    return (
        any(name.startswith(ADDED) for name in meta)
        or meta.get("SERVER_PROTOCOL") in OLD_PROTOCOLS
        or not _is_loopback(meta.get("REMOTE_ADDR", ""))
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
