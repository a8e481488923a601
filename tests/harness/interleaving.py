"""Two acts at once in an order that the test decides: the first stops at a statement, the second comes in between.

For PostgreSQL: the second is let run until it is done, or waits for a lock that the first holds.
"""

import re
import time
from threading import Event, Thread

from django.db import connection, connections

from portal.errors import DomainError

# The worst moments of an act, by the statement after which the other comes in.
MOMENTS = {
    "holding its first row": re.compile(r"FOR (NO KEY )?UPDATE|^UPDATE"),
    "having changed one": re.compile(r'^UPDATE "applications_application"|^UPDATE "decisions_letter"'),
    "holding the log": re.compile(r"pg_advisory_xact_lock"),
}
SECONDS = 15


class Act(Thread):
    """An act in a thread and connection of its own; ``result`` is «done», or the name of the refusal."""

    def __init__(self, act, pause_after=None):
        super().__init__(daemon=True)
        self.act, self.pause_after = act, pause_after
        self.paused, self.go_on, self.process, self.result = Event(), Event(), None, None

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('deadlock_timeout', '50ms', false), pg_backend_pid()")
                self.process = cursor.fetchone()[1]
            with connection.execute_wrapper(self._watch):
                self.result = self.act() or "done"
        except DomainError as refusal:
            self.result = type(refusal).__name__
        except Exception as error:  # noqa: BLE001 - the test says what it was
            self.result = f"{type(error).__name__}: {error}".splitlines()[0]
        finally:
            self.paused.set()
            connections.close_all()

    def _watch(self, execute, sql, params, many, context):
        rows = execute(sql, params, many, context)
        if self.pause_after and self.pause_after.search(sql) and not self.paused.is_set():
            self.paused.set()
            self.go_on.wait(SECONDS)
        return rows


def interleave(first, second, moment):
    """Run the first act up to the moment, then the second as far as it comes, then both to their ends; the results."""
    one, other = Act(first, MOMENTS[moment]), Act(second)
    one.start()
    assert one.paused.wait(SECONDS), "The first act came to no end."
    other.start()
    _let_run(other)
    one.go_on.set()
    one.join(SECONDS)
    other.join(SECONDS)
    return one.result, other.result


def _let_run(act):
    """Until the act is done or waits for a lock."""
    deadline = time.monotonic() + SECONDS
    while act.is_alive() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [act.process])
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.01)
