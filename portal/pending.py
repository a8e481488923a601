"""Keeping what a person typed when it could not be saved, with or without JavaScript.

Two things can go wrong before anything is saved. The person is no longer signed in: the page sends the form to
sign-in. Or the form's token is old (the person has signed in again in another tab): Django refuses the form. In both
cases the text is kept in the browser's session, the person signs in if needed, and sees the form again with the text,
to check it and send it again. Kept text is only *shown*; it is never saved by itself.

A room needs one line in each view that shows a form::

    form = SectionForm(pending.data(request), instance=…)     # POST data, else the kept text, else None
    if request.method == "POST" and form.is_valid():          # never act on a GET
        …

A view that must do more with the kept text calls ``pending.restore(request)``, which returns a ``QueryDict`` once, adds
the notice, and deletes the kept text. Any decorator that redirects to sign-in (``login_required``) works: the
middleware sees the redirect.

A page that saves what can be read, and is drawn again with the rest, calls ``after_save``: what was typed is then shown
again also when the person leaves the page and returns, until it is saved.

What is kept: fields up to 256 kB, never files, tokens or passwords; six forms at most; for an hour, or as long as the
session when the page has refused it; for the address
that the form is posted to; and, when a cookie says who was signed in last, for that person alone.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage.base import BaseStorage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

SESSION_KEY = "pending_forms"
OWNER_COOKIE = "last_person"
MAX_BYTES = 256 * 1024
MAX_FORMS = 6
KEPT_FOR = timedelta(hours=1)
INVALID = 422
DRAWN_AGAIN = (403, 409, INVALID)
LEFT_OUT = ("csrfmiddlewaretoken", "password")

Handler = Callable[[HttpRequest], HttpResponse]


# --- for views ------------------------------------------------------------------------------------


def data(request: HttpRequest) -> QueryDict | None:
    """The data to bind a form to: the posted data, else the text that was kept for this page, else None."""
    return request.POST if request.method == "POST" else restore(request)


def restore(request: HttpRequest, address: str = "") -> QueryDict | None:
    """The text that was kept for this page, once, with a notice to the person; None when there is none.

    ``address`` is where the page posts the form, when that is not the page itself.
    """
    address = address or request.path
    kept_forms = request.session.get(SESSION_KEY, {})
    if request.method != "GET" or address not in kept_forms:
        return None
    form = kept_forms[address]
    if form.get("is_refused"):
        return _refused(request, form)
    request.session[SESSION_KEY] = {path: value for path, value in kept_forms.items() if path != address}
    if not _is_for(form, request):
        return None
    messages.info(
        request,
        _("Dere var logget ut eller siden var for gammel. Teksten er tatt vare på: se over og lagre på nytt.")
        + (" " + _("Filer må legges ved på nytt.") if form["had_files"] else ""),
    )
    # The page's script saves what is given back; the page itself has it in its fields already.
    request.gives_back = True  # type: ignore[attr-defined]
    return QueryDict(form["body"])


def _refused(request: HttpRequest, form: dict[str, Any]) -> QueryDict | None:
    """What was refused, each time that the page is opened, until it is saved or the session has ended."""
    if not _is_for(form, request):
        return None
    messages.info(request, _("Noe her er ikke lagret ennå. Det står i feltene slik du skrev det sist."))
    request.gives_back = True  # type: ignore[attr-defined]
    return QueryDict(form["body"])


def after_save(request: HttpRequest, status: int, forms: Iterable[BaseForm] = (), more: Mapping[str, Any] = {}) -> None:
    """Keep what was posted when the page is drawn again with what could not be saved; else forget what was kept.

    ``forms`` carry the versions of what was saved, and ``more`` has others by the name of the field: what is shown
    later stands on these.
    """
    forms = list(forms)
    # A text that is too long is saved (``is_savable``), and the page tells of it anyway.
    wrong = [form for form in forms if form.errors]
    is_saved = status == INVALID and bool(wrong) and all(getattr(form, "is_savable", False) for form in wrong)
    if status not in DRAWN_AGAIN or is_saved:
        forget(request, request.path)
        return
    # Each form's own version alone: it may have a copy of the post, in which those of the others are what was posted.
    names = [(form, form.add_prefix("version")) for form in forms]
    versions = {name: form.data[name] for form, name in names if name in form.data}
    if not keep(request, is_refused=True, instead={**versions, **more}):
        forget(request, request.path)


def forget(request: HttpRequest, address: str) -> None:
    """Forget what was kept for the page, since it is saved, or the page's script has it."""
    kept_forms = request.session.get(SESSION_KEY, {})
    if kept_forms.get(address, {}).get("is_refused"):
        request.session[SESSION_KEY] = {path: value for path, value in kept_forms.items() if path != address}


def _is_for(form: dict[str, Any], request: HttpRequest) -> bool:
    age = _now(request) - datetime.fromisoformat(form["kept_at"])
    # What the page has refused is kept as long as the session.
    if (age > KEPT_FOR and not form.get("is_refused")) or not request.user.is_authenticated:
        return False
    return not form["owner"] or constant_time_compare(form["owner"], _mark_of(request.user))


# --- keeping -----------------------------------------------------------------------------------------


def keep(request: HttpRequest, *, is_refused: bool = False, instead: Mapping[str, Any] = {}) -> bool:
    """Keep the posted text for its page; False when there is no text or too much. ``instead`` replaces fields."""
    if not request.POST or _is_about_the_account(request):
        return False
    body = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if not any(word in name for word in LEFT_OUT):
            body.setlist(name, values)
    for name, value in instead.items():
        body[name] = str(value)
    form = {
        "body": body.urlencode(),
        "owner": _owner(request),
        "kept_at": _now(request).isoformat(),
        "had_files": bool(request.FILES),
        "is_refused": is_refused,
    }
    if len(json.dumps(form)) > MAX_BYTES:
        return False
    others = {path: value for path, value in request.session.get(SESSION_KEY, {}).items() if path != request.path}
    request.session[SESSION_KEY] = dict([*others.items(), (request.path, form)][-MAX_FORMS:])
    return True


def _is_about_the_account(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or (match.url_name or "").startswith(("account_", "mfa_"))


def page_of(request: HttpRequest) -> str:
    """The page that the form was sent from, else the form's own address; always an address of this site."""
    source = urlsplit(request.headers.get("Referer", ""))
    page = source.path + (f"?{source.query}" if source.query else "")
    is_own = source.netloc == request.get_host() and source.path != resolve_url("account_login")
    # «//other.example» is a path here, but another site in a redirect.
    return page if is_own and url_has_allowed_host_and_scheme(page, None) else request.path


def is_own_form(request: HttpRequest) -> bool:
    """Whether the form came from a page of the portal; another site must not fill in anybody's form."""
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS
    return urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()


def after_csrf_failure(request: HttpRequest) -> HttpResponse | None:
    """A redirect to the form with its text, through sign-in if needed; None when the text cannot be kept."""
    if not is_own_form(request) or not keep(request):
        return None
    return redirect(page_of(request)) if request.user.is_authenticated else _to_sign_in(request)


# --- middleware ------------------------------------------------------------------------------------------


def middleware(get_response: Handler) -> Handler:
    """Keep a form that was sent to sign-in, and remember who was signed in last in this browser."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_sent_to_sign_in(request, response):
            return _sent_to_sign_in(request, response)
        _remember_person(request, response)
        return response

    return handle


def _is_sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    if not isinstance(response, HttpResponseRedirect) or request.user.is_authenticated:
        return False
    target = urlsplit(response.url).path
    return target == resolve_url(settings.LOGIN_URL) and request.path != target


def _sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # The sign-in page must not replace a part of a page: a GET reloads the page, a POST gets a message.
        if request.method == "GET":
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return HttpResponse(_("Dere er logget ut. Logg inn på nytt for å lagre."), status=401)
    return _to_sign_in(request) if request.method == "POST" and keep(request) else response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    notice = _("Dere er logget ut. Logg inn på nytt: teksten dere skrev, er tatt vare på.")
    waiting = messages.get_messages(request)
    has_notice = any(str(item.message) == notice for item in waiting)
    if isinstance(waiting, BaseStorage):
        waiting.used = False  # the messages were read here, but not shown
    if not has_notice:  # each autosave of the page comes here
        messages.info(request, notice)
    return redirect_to_login(page_of(request))


def _remember_person(request: HttpRequest, response: HttpResponse) -> None:
    # Only when the view has read the user: other pages must not cost a query.
    user = getattr(request, "_cached_user", None)
    if user is None or not user.is_authenticated:
        return
    mark = _mark_of(user)
    if request.COOKIES.get(OWNER_COOKIE) != mark:
        response.set_cookie(
            OWNER_COOKIE,
            mark,
            max_age=int(timedelta(days=1).total_seconds()),
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _owner(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return _mark_of(request.user)
    return request.COOKIES.get(OWNER_COOKIE, "")


def _mark_of(user: Any) -> str:
    """A keyed hash of the address: different for two persons, without telling who they are."""
    return salted_hmac("portal.pending", user.email, algorithm="sha256").hexdigest()


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now
