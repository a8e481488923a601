"""How people sign in: by e-mail and password, after an invitation. Nobody can sign up on their own."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal import clock, language
from portal.communities import known_devices
from portal.communities.models import User
from portal.communities.queries import user_with_email
from portal.mail.services import queue

# The mails of the sign-in library that are sent, and the kind of mail with our text for each.
MAILS = {"account/email/password_reset_key": "password_reset"}
# The limit of wrong passwords on such a device (settings.LOGIN_LIMITS).
KNOWN = "login_failed_known"


class AccountAdapter(DefaultAccountAdapter):
    """The portal's rules for accounts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Kontoen er stengt. Ta kontakt med sekretariatet."),
        "email_password_mismatch": _("E-postadressen eller passordet er feil."),
        "invalid_login": _("E-postadressen eller passordet er feil."),
        "enter_current_password": _("Skriv passordet du har nå."),
        "incorrect_password": _("Passordet er feil."),
        "incorrect_code": _("Koden er feil. Bruk den siste koden i appen."),
        "invalid_password_reset": _("Lenken er brukt eller for gammel. Be om en ny under «Glemt passord»."),
        "too_many_login_attempts": _("For mange forsøk. Vent fem minutter og prøv igjen."),
        "rate_limited": _("For mange forsøk på kort tid. Vent litt og prøv igjen."),
        "unknown_email": _("Vi kjenner ikke denne e-postadressen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the secretariat creates the accounts, and an e-mail domain gives no membership."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send through the outbox, like every other mail; nothing is sent to an address without an account."""
        user = user_with_email(email)
        kind = MAILS.get(template_prefix)
        if user and kind:
            # The library makes the link of the address that the request asked for, which the sender of it chooses.
            path = urlsplit(context["password_reset_url"]).path
            queue(
                kind,
                recipient=user.email,
                about=user,
                context={"link": settings.SITE_URL + path, "name": user.name},
                at=clock.now(),
                key=f"{kind}:{user.pk}:{uuid.uuid4()}",
                language=user.language,
            )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse after too many wrong passwords: on a device that the person knows, those typed there alone."""
        key = _known(request, credentials)
        if not key:
            super().pre_authenticate(request, **credentials)
        elif not ratelimit.consume(request, action=KNOWN, key=key, dry_run=True):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password on a device that the person knows; the library counts the others."""
        if key := _known(request, credentials):
            ratelimit.consume(request, action=KNOWN, key=key)

    def post_login(self, request: HttpRequest, user: User, **arguments: Any) -> HttpResponse:
        """Set the person's own language after sign-in, and remember the device."""
        response: HttpResponse = super().post_login(request, user, **arguments)
        known_devices.remember(request, response, user)
        return language.remember_language(response, user.language)


def _known(request: HttpRequest, credentials: dict[str, Any]) -> str:
    """The device and the person whose address is typed, when that person has signed in on it before; else empty."""
    user = user_with_email(credentials.get("email", "")) if known_devices.is_marked(request) else None
    name = known_devices.name_of(request, user.pk) if user else ""
    return f"{name}:{user.pk}" if user and name else ""
