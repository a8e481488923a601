"""Throw-away servers on loopback, each a context manager that stops what it started."""

import contextlib
import email
import email.policy
import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller

from portal.processes import die_with_parent

# The harmless test file that every scanner knows; in two parts, so that this source is not taken for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class MissingError(Exception):
    """A program is not installed; the text names it and the Debian package."""


def find(program: str, *, package: str) -> str:
    """The program's path; the newest PostgreSQL of Debian is found outside PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4]))
    path = str(debian[-1]) if debian else shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not path:
        message = f"{program} is missing: apt-get install {package}"
        raise MissingError(message)
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_ready: Callable[[], bool], *, what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > deadline:
            message = f"{what} did not start within {seconds} s"
            raise RuntimeError(message)
        time.sleep(0.02)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def folder(prefix: str, *, owner: str | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"portal-{prefix}-", ignore_cleanup_errors=True) as name:
        if owner:
            shutil.chown(name, owner, owner)
        yield Path(name)


@contextlib.contextmanager
def running(command: list[str], *, stop: signal.Signals = signal.SIGTERM, **options) -> Iterator[subprocess.Popen]:
    """The program as a child that dies with us; its words are in the exception if it fails to start."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent(stop),  # noqa: PLW1509 - no thread is running yet
        **options,
    )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A new PostgreSQL cluster on a free port; gives its DATABASE_URL. As root it runs as `postgres`."""
    initdb = find("initdb", package="postgresql")
    server = find("postgres", package="postgresql")
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with folder("postgres", owner=as_user.get("user")) as home:
        data, port = home / "data", free_port()
        subprocess.run(
            [initdb, "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=home, **as_user,
        )  # fmt: skip
        careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
        # Nothing is kept, so there is nothing to replicate, and no statistics that come while a test runs.
        careless |= {"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off", "shared_buffers": "256MB"}
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(home), **careless}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with running(
            [server, "-D", str(data), "-p", str(port), *flags], stop=signal.SIGQUIT, cwd=home, **as_user
        ) as process:
            is_ready = find("pg_isready", package="postgresql")
            wait_until(
                lambda: (
                    subprocess.run([is_ready, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode == 0
                    or process.poll() is not None
                ),
                what="PostgreSQL",
            )
            yield f"postgres://portal@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(port: int = 0) -> Iterator[str]:
    """A Redis that keeps nothing, at the port or any that is free; gives its URL."""
    program, port = find("redis-server", package="redis-server"), port or free_port()
    with folder("redis") as home, running(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(home)]
    ):  # fmt: skip
        wait_until(lambda: is_listening(port), what="Redis")
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def clamd() -> Iterator[str]:
    """A malware scanner that knows the EICAR test file alone; gives CLAMD_ADDRESS."""
    program, port = find("clamd", package="clamav-daemon"), free_port()
    with folder("clamd") as home:
        (home / "local.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        (home / "clamd.conf").write_text(
            f"DatabaseDirectory {home}\nTCPAddr 127.0.0.1\nTCPSocket {port}\nForeground yes\n"
        )
        with running([program, f"--config-file={home / 'clamd.conf'}"]):
            wait_until(lambda: is_listening(port), what="clamd")
            yield f"127.0.0.1:{port}"


class Inbox:
    """What the mail server has received, oldest first."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.port = free_port()
        self.refuses = False
        self.unknown: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options) -> str:  # noqa: N802 - aiosmtpd's
        if address in self.unknown:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        if self.refuses:
            return "451 Try again later"
        text = envelope.content.replace(b"\r\n", b"\n")
        self.messages.append(email.message_from_bytes(text, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in message["To"]]


@contextlib.contextmanager
def smtp() -> Iterator[Inbox]:
    """A real mail server; `refuses = True` makes it answer 451, and it knows no address of `unknown`."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
