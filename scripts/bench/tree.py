"""The production process tree on the bench's database, and what its workers weigh."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.harness.tree import running_tree

# What production sets, as far as one machine on loopback can: no certificate stands before the bench.
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "".join(chr(33 + number % 90) for number in range(70)),
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "LOG_LEVEL": "ERROR",
    "EMAIL_URL": "dummymail://",
    "DJANGO_SETTINGS_MODULE": "portal.settings",
}


@contextmanager
def portal(var: Path, database: str, redis: str) -> Iterator[tuple[int, int]]:
    """``manage.py portal`` with production settings: (pid, port)."""
    with running_tree(var, **PRODUCTION, DATABASE_URL=database, REDIS_URL=redis) as (process, port):
        yield process.pid, port


@dataclass(frozen=True, slots=True)
class Weight:
    """What one process holds, in MB: all it touches, and its fair share of what is shared."""

    rss: float
    pss: float


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def worker_of(supervisor: int, program: str) -> int:
    """The process that does the work: the last child of the named child of the tree."""
    parent = next(pid for pid in _children(supervisor) if program in _command(pid))
    # multiprocessing's resource tracker is a child too, and does nothing.
    workers = [pid for pid in _children(parent) if "resource_tracker" not in _command(pid)]
    return (workers or [parent])[-1]


def weight_of(pid: int) -> Weight:
    """What the process holds now."""
    words = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = {name: int(size) / 1024 for name, size in re.findall(r"^(Rss|Pss):\s+(\d+) kB", words, re.MULTILINE)}
    return Weight(sizes["Rss"], sizes["Pss"])


def processor_seconds(pid: int) -> float:
    """How long all threads of the process have had a processor."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def backends_of(database: str) -> tuple[int, ...]:
    """The processes of PostgreSQL that serve the database's connections, but for the one that asks."""
    with psycopg.connect(database) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return tuple(pid for (pid,) in connection.execute(asked))
