"""Devices on which a person has signed in before: wrong passwords that others type do not keep the person out there.

The device has a signed cookie with a random name and the ids of the last who signed in on it. It gives no access: it
only says which limit of wrong passwords counts (``accounts.AccountAdapter.pre_authenticate``).
"""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "known_device"
SALT = "portal.communities.known_devices"
KEPT_FOR = timedelta(days=180)
# On a machine that many share the last ones are remembered.
MOST = 20


def _read(request: HttpRequest) -> tuple[str, list[int]]:
    """The device's name and the ids of those who have signed in on it; nothing when the cookie is not ours."""
    try:
        name, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return "", []
    return name, people


def name_of(request: HttpRequest, person_id: int) -> str:
    """The name of the device when the person has signed in on it before, else empty."""
    name, people = _read(request)
    return name if person_id in people else ""


def is_marked(request: HttpRequest) -> bool:
    """Whether anybody has signed in on the device before."""
    return bool(_read(request)[0])


def remember(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """Remember on the device that the person has signed in."""
    name, people = _read(request)
    people = [user.pk, *(pk for pk in people if pk != user.pk)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or uuid.uuid4().hex, people], salt=SALT),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
