"""The process tree of `manage.py portal`: it restarts its children, stops them cleanly, and takes them with it."""

import contextlib
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from types import FrameType

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.1
MAX_BACKOFF_SECONDS = 30.0
# A child that has run this long is healthy: when it stops, the pause before the restart is the shortest again.
HEALTHY_SECONDS = 30.0
# From this number of signals the children are killed at once.
IMPATIENT = 2


def die_with_parent(death_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """A function for the child between fork and exec: the kernel signals it when its parent dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died between the fork and the line above
            os._exit(1)

    return prepare


@dataclass(slots=True)
class Child:
    """One long-running program, its process and its failures."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restart_at: float = 0.0
    failures: int = 0

    def start(self) -> None:
        # A session of its own, so that Ctrl-C reaches the supervisor alone, which then asks each child to stop.
        self.process = subprocess.Popen(  # noqa: S603 - the commands are our own
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - forked before any thread starts
            stdin=subprocess.DEVNULL,
        )
        self.started = time.monotonic()

    def running_process(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self.process

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def backoff_seconds(self) -> float:
        """How long to wait before the next start: 0.5 s, doubled for each failure in a row."""
        return min(0.5 * 2**self.failures, MAX_BACKOFF_SECONDS)


@dataclass(slots=True)
class Supervisor:
    """Starts the children, restarts those that stop, and stops all of them on a signal."""

    children: Sequence[Child]
    say: Callable[[str], object] = print
    stop_seconds: float = 20.0
    signals: int = field(default=0, init=False)

    def run(self, *, is_ready: Callable[[], bool], when_ready: Callable[[], object]) -> None:
        """Supervise until SIGINT or SIGTERM; when_ready is called once. Every child is gone on return."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        was_ready = False
        try:
            for child in self.children:
                child.start()
            while not self.signals:
                self.tend(time.monotonic())
                if not was_ready and is_ready():
                    was_ready = True
                    when_ready()
                time.sleep(POLL_SECONDS)
        finally:
            self.stop_children()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def tend(self, now: float) -> None:
        """Find the children that have stopped, and restart each when its pause is over."""
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None:
                if now - child.started > HEALTHY_SECONDS:
                    child.failures = 0
                pause = child.backoff_seconds()
                self.say(f"{child.name} stopped (exit {child.process.returncode}); again in {pause:g} s")
                child.process, child.restart_at = None, now + pause
                child.failures += 1
            elif now >= child.restart_at:
                child.start()

    def stop_children(self) -> None:
        """Ask each child's main process to stop; after stop_seconds, or a second signal, kill what is left."""
        running = [child for child in self.children if child.is_running()]
        # The main process only: a TERM to the whole group takes Celery's workers before their parent.
        for child in running:
            child.running_process().terminate()
        deadline = time.monotonic() + self.stop_seconds
        while any(child.is_running() for child in running) and time.monotonic() < deadline and self.signals < IMPATIENT:
            time.sleep(POLL_SECONDS)
        for child in running:
            if child.is_running():
                self.say(f"{child.name} did not stop in time; killing it")
            # Kill what is left of the child's session.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.running_process().pid, signal.SIGKILL)
            child.running_process().wait()


def is_answering(host: str, port: int) -> bool:
    """Whether the front page gives an answer below 500 within a second; redirects are answers."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
