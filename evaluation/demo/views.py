"""The page of the demo's clock. Only the demo has it."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluation.demo import services, tasks
from evaluation.demo.moments import Moment, moments
from portal import demo_clock
from portal.acts import attempt
from portal.requests import Request


def _only_in_demo() -> None:
    if not settings.IS_DEMO:
        raise Http404


@never_cache
@require_safe
def clock(request: Request) -> HttpResponse:
    """What the clock shows, and where it can go. Everybody may see it, signed in or not."""
    _only_in_demo()
    context = {"walk": demo_clock.read(), "moments": moments(request.now)}
    return render(request, "demo/clock.html", context)


@never_cache
@require_safe
def progress(request: Request) -> HttpResponse:
    """How far the walk has come; the page is loaded anew when it is over."""
    _only_in_demo()
    walk = demo_clock.read()
    if not walk.is_going:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "demo/_walk.html", {"walk": walk})


@require_POST
def move(request: Request) -> HttpResponse:
    """Send the clock to a moment."""
    _only_in_demo()
    by = request.user if request.user.is_authenticated else None
    attempt(request, lambda: services.order(request.POST.get("moment", ""), by=by, at=request.now), _send)
    return redirect("demo:clock")


def _send(moment: Moment) -> str:
    services.announce(moment.at)
    tasks.walk.delay(moment.at.isoformat())
    return _("Klokka går. Påminnelser og frister kommer i den rekkefølgen de ville ha kommet.")
