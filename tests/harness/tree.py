"""The real process tree of `manage.py portal`, on a data folder of its own or on the test database."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from django.db import connection

from portal.processes import is_answering
from tests.harness import servers
from tests.harness.pure_modules import ROOT

# The static files are collected and the database is migrated first; on a busy machine that takes a while.
START_SECONDS = 150


def start_tree(var, port, *options, **environment):
    clean = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "portal", "--port", str(port), *options],
        cwd=ROOT,
        env={**clean, "PORTAL_ENV": "demo", "PORTAL_VAR": str(var), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def running_tree(var, *options, **environment):
    """`manage.py portal` on a new data folder: (process, port), stopped with all its children on exit."""
    port = servers.free_port()
    process = start_tree(var, port, *options, **environment)
    try:
        servers.wait_until(
            lambda: is_answering("127.0.0.1", port) or process.poll() is not None,
            what="the portal",
            seconds=START_SECONDS,
        )
        if process.poll() is not None:
            raise RuntimeError(process.stdout.read().decode()[-3000:])
        yield process, port
    finally:
        # Ctrl-C first: a killed tree dies too, but its children a moment later.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def database_url():
    """The database that the test itself uses, for a process of its own (only with transactional_db)."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
