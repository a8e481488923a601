"""Fixtures for the real counterparts: each starts when first asked for and is stopped by the session's end."""

import os

import pytest
from django.db import connection

from tests.harness import servers


def start_or_skip(start, *, what):
    """Start a counterpart; skip and name the missing package, unless skipping counts as failing."""
    try:
        return start()
    except servers.MissingError as missing:
        if os.environ.get("PORTAL_TESTS_SKIP") == "never":
            raise
        pytest.skip(f"{what}: {missing}")


def _session_server(server, what):
    @pytest.fixture(scope="session", name=f"{what}_server")
    def fixture():
        context = server()
        yield start_or_skip(context.__enter__, what=what)
        context.__exit__(None, None, None)

    return fixture


smtp_server = _session_server(servers.smtp, "smtp")
clamd_server = _session_server(servers.clamd, "clamd")
redis_server = _session_server(servers.redis, "redis")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; before PostgreSQL drops it, a browser's last request is told to let go."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture
def inbox(smtp_server, settings):
    """A real mail server, empty: `inbox.messages`, `inbox.to(address)`, `inbox.refuses`, `inbox.unknown`."""
    # pytest-django replaces the backend by locmem; this puts the real one back.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    smtp_server.messages.clear()
    smtp_server.refuses = False
    smtp_server.unknown = set()
    return smtp_server


@pytest.fixture
def scanner(clamd_server, settings):
    """A real malware scanner that knows EICAR (`tests.harness.servers.EICAR`)."""
    settings.CLAMD_ADDRESS = clamd_server
    return clamd_server
