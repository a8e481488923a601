"""Signing in without a page: one new row, the session.

Django's ``force_login`` empties and deletes the session of whoever was signed in before, looks for a free key, saves
twice and notes the time: a tenth of the time of all tests. Signing in itself is tested through its page. What a visitor
or the same person has in a session is kept as Django keeps it.
"""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string


@pytest.fixture(scope="session", autouse=True)
def quick_force_login():
    """``client.force_login(person)`` takes one query where nothing of a session must be kept."""
    django_login = Client.force_login

    def force_login(client, user, backend=None):
        keeps = settings.SESSION_COOKIE_NAME in client.cookies and getattr(client, "signed_in", user) == user
        if keeps:
            django_login(client, user, backend)
        else:
            _begin_session(client, user, backend)
        client.signed_in = user

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login)
        yield


def _begin_session(client, user, backend):
    """The person is signed in in a new session; whoever was signed in in this client no longer is."""
    store, key = SessionStore(), get_random_string(32).lower()
    content = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: backend or settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    Session.objects.create(session_key=key, session_data=store.encode(content), expire_date=store.get_expiry_date())
    client.cookies[settings.SESSION_COOKIE_NAME] = key
