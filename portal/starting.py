"""How each process of the portal is started, and how many connections to the database they take together.

A web process has a fixed number of threads, and each thread has at most one connection. So the sum is known before the
start, and a start that cannot fit in the database is refused: a database that is full locks everybody out, also those
who are to mend it.
"""

import sys
from typing import Final

from django.conf import settings
from django.db import connection

# Threads of a web process: Python runs one at a time, so more of them only wait for the database together.
THREADS: Final = 4
# Connections that are left for people at the database, for backup and for migrations.
FOR_PEOPLE: Final = 3
# Job processes that are reckoned with where the web server is started by itself.
JOB_PROCESSES: Final = 2
# What a worker takes from, in turn: jobs, and mail.
QUEUES: Final = "celery,mail"
_LIMITS: Final = "max_connections", "superuser_reserved_connections", "reserved_connections"


class TooManyConnectionsError(Exception):
    """The processes would take more connections than the database gives; the text is the sum."""


def web_command(host: str, port: int, *, workers: int, threads: int) -> list[str]:
    """The web server's program and arguments. It also needs ``web_environment``."""
    where = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    how = ["--workers", str(workers), "--blocking-threads", str(threads), "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *where, *how, "--log-level", "warning", "portal.wsgi:application"]


def web_environment(threads: int) -> dict[str, str]:
    """What tells ``portal.wsgi`` that the server was started here, with a bound on its threads."""
    return {"WEB_THREADS": str(threads)}


def worker_command(processes: int, queues: str = QUEUES) -> list[str]:
    """The program that runs jobs, and its arguments; ``queues`` are those that it takes from, in turn."""
    pool = ["--concurrency", str(processes), "--queues", queues, "--without-gossip", "--without-mingle"]
    return [*_celery(), "worker", *pool, "--loglevel", "WARNING"]


def beat_command() -> list[str]:
    """The program that gives the signal for what is done every so often, and its arguments."""
    return [*_celery(), "beat", "--pidfile", "", "--loglevel", "WARNING"]


def _celery() -> list[str]:
    # In a container the demo runs as root. Celery's warning about that is shown in production only.
    calm = ["-W", "ignore:You're running the worker with superuser"] if settings.IS_DEMO else []
    # The command that starts it has run the checks; in the worker they would load every page, for nothing.
    return [sys.executable, *calm, "-m", "celery", "--quiet", "--skip-checks", "--app", "portal"]


def require_connections(*, workers: int, threads: int, others: int) -> None:
    """Refuse to start web processes that can take more connections than the database gives.

    ``others`` are the connections of everything else: job processes, other machines, people. Raises
    TooManyConnectionsError. SQLite has no such limit.
    """
    limit = database_limit()
    # The processes that are started make their own.
    connection.close()
    needed = workers * threads + others
    if limit is not None and needed > limit:
        message = (
            f"Not started: {workers} web processes x {threads} threads + {others} others = {needed} connections, but "
            f"the database gives {limit}. Lower --workers or --threads, or raise max_connections."
        )
        raise TooManyConnectionsError(message)


def database_limit() -> int | None:
    """How many connections PostgreSQL gives to a role without privileges; None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting::int FROM pg_settings WHERE name = ANY(%s)", [list(_LIMITS)])
        limits = dict(cursor.fetchall())
    return int(limits[_LIMITS[0]]) - sum(limits.get(name, 0) for name in _LIMITS[1:])
