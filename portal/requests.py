"""The requests that views get: what the portal's middleware adds to Django's, said to the type checker."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from portal.communities.models import User


class Request(HttpRequest):
    """Anybody's request: ``now`` is the one time (UTC) that everything in it is decided at."""

    now: datetime
    htmx: HtmxDetails
    user: User | AnonymousUser


class PersonRequest(Request):
    """The request of a person who has signed in: for views behind ``login_required``."""

    user: User
