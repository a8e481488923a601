"""The process tree for real: it answers, starts again what was killed, and leaves no orphan."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.processes import HEALTHY_SECONDS, Child, Supervisor, is_answering
from tests.harness import servers
from tests.harness.pure_modules import ROOT
from tests.harness.tree import running_tree, start_tree

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]


def children_of(pid):
    """The children of a process: {pid: command line}."""
    lines = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return {int(line.split()[0]): line for line in lines.stdout.splitlines()}


def descendants_of(pid):
    processes = set()
    for child in children_of(pid):
        processes |= {child} | descendants_of(child)
    return processes


def is_alive(pid):
    # The process may end between the question and the answer.
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return not re.search(r"^State:\s+Z", status, re.MULTILINE)


def pid_of(process, word):
    return next((pid for pid, line in children_of(process.pid).items() if f" portal {word} " in line), None)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory):
    """A database file that all migrations have made, for real and once."""
    folder = tmp_path_factory.mktemp("migrated")
    clean = {
        name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    environment = {**clean, "PORTAL_ENV": "demo", "PORTAL_VAR": str(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    return folder / "portal.sqlite3"


@pytest.fixture
def var(tmp_path, migrated_database):
    """A data folder with a migrated database."""
    shutil.copy(migrated_database, tmp_path)
    return tmp_path


# On PostgreSQL tests/test_worker.py starts the tree, and kills its worker, at each landing.
@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.release
@pytest.mark.timeout(300)
def test_killed_worker_starts_again_and_ctrl_c_leaves_no_orphan(var):
    with running_tree(var) as (process, port):
        servers.wait_until(lambda: pid_of(process, "worker"), what="the worker")
        killed = pid_of(process, "worker")
        os.kill(killed, signal.SIGKILL)
        servers.wait_until(lambda: pid_of(process, "worker") not in {killed, None}, what="the next worker")
        assert is_answering("127.0.0.1", port)
        everyone = descendants_of(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert [pid for pid in everyone if is_alive(pid)] == []
        words = process.stdout.read().decode()
    assert re.search(r"worker stopped \(exit -9\); again in 0\.5 s", words)
    assert words.endswith("Everything has stopped.\n")


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.release
@pytest.mark.timeout(300)
def test_children_go_when_the_supervisor_is_killed(var, redis_server):
    with running_tree(var, REDIS_URL=redis_server) as (process, _port):
        servers.wait_until(lambda: len(descendants_of(process.pid)) >= 5, what="every child")
        everyone = descendants_of(process.pid)
        process.kill()
        process.wait()
        servers.wait_until(lambda: not any(map(is_alive, everyone)), what="the end of every child")
        assert [pid for pid in everyone if is_alive(pid)] == []


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.release
@pytest.mark.timeout(300)
def test_second_start_on_the_same_folder_is_refused(var):
    with running_tree(var) as (_process, port):
        second = start_tree(var, port + 1)
        words, _ = second.communicate(timeout=120)
    assert (second.returncode, words.decode()) == (
        1,
        "CommandError: The portal is already running on this data folder.\n",
    )


def test_pause_doubles_for_each_failure_in_a_row():
    pauses = [Child("x", SLEEP, failures=failures).backoff_seconds() for failures in range(8)]
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_dead_child_starts_again_after_its_pause():
    said = []
    child = Child("x", [sys.executable, "-c", ""])
    supervisor = Supervisor([child], say=said.append)
    child.start()
    child.process.wait()
    supervisor.tend(now := time.monotonic())
    assert (child.process, child.restart_at, said) == (None, now + 0.5, ["x stopped (exit 0); again in 0.5 s"])
    supervisor.tend(now + 0.4)
    assert child.process is None
    supervisor.tend(now + 0.5)
    assert child.process is not None
    child.process.wait()


def test_long_healthy_child_starts_with_the_shortest_pause():
    child = Child("x", [sys.executable, "-c", ""], failures=5)
    child.start()
    child.process.wait()
    Supervisor([child], say=list).tend(child.started + HEALTHY_SECONDS + 1)
    assert child.failures == 1


def test_deaf_child_is_killed_when_its_time_is_over():
    said = []
    child = Child("x", DEAF)
    supervisor = Supervisor([child], say=said.append, stop_seconds=0.2)
    child.start()
    time.sleep(0.3)
    supervisor.stop_children()
    assert child.process.returncode == -signal.SIGKILL
    assert said == ["x did not stop in time; killing it"]


def test_run_tells_once_when_ready_and_stops_on_a_signal():
    told = []
    supervisor = Supervisor([Child("x", SLEEP)])
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    def tell_and_stop():
        told.append("ready")
        os.kill(os.getpid(), signal.SIGTERM)

    try:
        supervisor.run(is_ready=lambda: True, when_ready=tell_and_stop)
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    assert (told, supervisor.children[0].process.returncode) == (["ready"], -signal.SIGTERM)


def test_closed_port_does_not_answer():
    assert not is_answering("127.0.0.1", servers.free_port())
