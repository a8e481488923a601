"""The choice of language in the footer."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal import language
from portal.communities.services import people


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the language in the browser, and for a person who has signed in; back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    # Not ``redirect``, which would read a word without a slash as the name of a view.
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if not language.is_offered(code):
        return response
    if request.user.is_authenticated:
        people.choose_language(request.user, code)
    return language.remember_language(response, code)
