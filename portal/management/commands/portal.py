"""manage.py portal: the whole portal as one process tree."""

import fcntl
import os
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from ruamel.yaml import YAML

from portal import starting
from portal.processes import Child, Supervisor, is_answering


class Command(BaseCommand):
    help = "Migrates the database, then runs web server, Celery worker and Celery beat until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=1, help="processes that answer requests")
        parser.add_argument("--threads", type=int, default=starting.THREADS, help="threads of each of them")
        parser.add_argument("--job-workers", type=int, default=1, help="processes that run jobs")
        parser.add_argument("--no-migrate", action="store_true", help="the database has its tables already")
        parser.add_argument("--demo-persons", action="store_true", help="print who can sign in to the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        with _only_one_here():
            _require_free(host, port)
            url = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
            os.environ.setdefault("SITE_URL", url)
            _require_connections(options)
            self._prepare(migrate=not options["no_migrate"])
            supervisor = Supervisor(children=_children(options), say=self._say)
            supervisor.run(
                is_ready=lambda: is_answering(host, port),
                when_ready=lambda: self._greet(url, show_persons=options["demo_persons"]),
            )
        self._say("Everything has stopped.")

    def _prepare(self, *, migrate: bool) -> None:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.IS_PRODUCTION:
            call_command("collectstatic", verbosity=0, interactive=False)

    def _greet(self, url: str, *, show_persons: bool) -> None:
        if show_persons:
            self._say(_persons_table(settings.BASE_DIR / "fixtures/demo/persons.yaml"))
        self._say(f"The portal answers at {url} (Ctrl-C stops it).")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _children(options: dict[str, Any]) -> list[Child]:
    workers, threads = options["web_workers"], options["threads"]
    web = starting.web_command(options["host"], options["port"], workers=workers, threads=threads)
    return [
        Child("web", web, starting.web_environment(threads)),
        Child("worker", starting.worker_command(options["job_workers"])),
        Child("beat", starting.beat_command()),
    ]


@contextmanager
def _only_one_here() -> Iterator[None]:
    """Allow one process tree for each data folder: two beats would start each task twice."""
    with (settings.VAR_DIR / "portal.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("The portal is already running on this data folder.") from None
        yield


def _require_connections(options: dict[str, Any]) -> None:
    others = options["job_workers"] + starting.FOR_PEOPLE
    try:
        starting.require_connections(workers=options["web_workers"], threads=options["threads"], others=others)
    except starting.TooManyConnectionsError as error:
        raise CommandError(str(error)) from error


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(f"Port {port} is taken by another program. Choose another: --port {port + 1}.") from None


def _persons_table(path: Path) -> str:
    """Name, e-mail and roles of the demo persons worth signing in as, and the password they share."""
    demo = YAML(typ="safe").load(path)
    shown = [person for person in demo["persons"] if "roles" in person]
    rows = [(person["name"], person["email"], ", ".join(person["roles"])) for person in shown]
    name_width, email_width = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"  {name:{name_width}}  {email:{email_width}}  {roles}" for name, email, roles in rows]
    return "\n".join(["", "Demo persons:", *lines, f"Password of all: {demo['password']}", ""])
