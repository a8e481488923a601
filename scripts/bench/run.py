"""One run of the bench: two databases, two process trees, every page on both in turn with the empty view."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from scripts.bench import report, tree
from scripts.bench.asking import Asker, Server, interleaved
from scripts.bench.pages import LARGE, PAGES, SIZES

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ROOT / "var/bench"
LETTERS_WAIT_SECONDS = 60


def main() -> None:
    """Measure, print, write var/bench.json, and profile what missed its aim."""
    started = time.monotonic()
    PROFILES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        addresses = {size: _database(size) for size in SIZES}
        print("Making the data …", flush=True)
        for size in SIZES:
            _python("seed", str(size), str(folder / f"{size}.json"), addresses=addresses[size], var=folder / str(size))
        asked = {size: json.loads((folder / f"{size}.json").read_text()) for size in SIZES}
        measured = _measure(folder, addresses, asked)
        missed = report.missed_pages(measured)
        if missed:
            _python(
                "inside",
                "profile",
                str(folder / f"{LARGE}.json"),
                str(PROFILES),
                *missed,
                addresses=addresses[LARGE],
                var=folder / str(LARGE),
            )
    measured["seconds_of_run"] = round(time.monotonic() - started)
    (ROOT / "var/bench.json").write_text(json.dumps(measured, indent=1) + "\n")
    print(report.text(measured))


def _database(size: int) -> tuple[str, str]:
    """An empty database and a Redis number of its own for the size: their addresses."""
    server, redis = os.environ["DATABASE_URL"].rpartition("/")[0], os.environ["REDIS_URL"].rpartition("/")[0]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS bench_{size}".encode())
        connection.execute(f"CREATE DATABASE bench_{size}".encode())
    return f"{server}/bench_{size}", f"{redis}/{1 + SIZES.index(size)}"


def _python(module: str, *args: str, addresses: tuple[str, str], var: Path | None = None) -> None:
    environment = {**os.environ, **tree.PRODUCTION, "DATABASE_URL": addresses[0], "REDIS_URL": addresses[1]}
    if var:
        var.mkdir(exist_ok=True)
        environment["PORTAL_VAR"] = str(var)
    subprocess.run([sys.executable, "-m", f"scripts.bench.{module}", *args], cwd=ROOT, env=environment, check=True)


def _measure(folder: Path, addresses: dict[int, tuple[str, str]], asked: dict[int, Any]) -> dict[str, Any]:
    measured: dict[str, Any] = {"load_before": os.getloadavg()[0]}
    with ExitStack() as stack:
        trees = {}
        for size in SIZES:
            start = time.monotonic()
            trees[size] = stack.enter_context(tree.portal(folder / str(size), *addresses[size]))
            measured.setdefault("start_seconds", {})[size] = time.monotonic() - start
        servers = {
            size: Server(port, asked[size]["pages"], tree.worker_of(pid, "granian"), addresses[size][0])
            for size, (pid, port) in trees.items()
        }
        print("Asking the pages …", flush=True)
        measured["pages"] = {page.key: _page(servers, page.key) for page in PAGES}
        measured["screens"] = _screens(folder, servers[LARGE].port, addresses)
        measured["csv"] = {size: _csv(servers[size]) for size in SIZES}
        _work(folder, addresses, asked)
        measured["memory"] = {
            "web worker": asdict(tree.weight_of(servers[LARGE].worker)),
            "Celery worker": asdict(tree.weight_of(tree.worker_of(trees[LARGE][0], "portal worker"))),
        }
        measured["load_after"] = os.getloadavg()[0]
    # A second start: the static files are collected, the database is migrated.
    start = time.monotonic()
    with tree.portal(folder / str(LARGE), *addresses[LARGE]):
        measured["start_seconds"]["again"] = time.monotonic() - start
    for size in SIZES:
        _python(
            "inside",
            "count",
            str(folder / f"{size}.json"),
            str(folder / "counts.json"),
            addresses=addresses[size],
            var=folder / str(size),
        )
        measured.setdefault("counts", {})[size] = json.loads((folder / "counts.json").read_text())
    _python(
        "inside",
        "letters",
        str(folder / f"{LARGE}.json"),
        str(folder / "letters.json"),
        addresses=addresses[LARGE],
        var=folder / str(LARGE),
    )
    measured["letters"] = json.loads((folder / "letters.json").read_text())
    return measured


def _page(servers: dict[int, Server], key: str) -> dict[int, Any]:
    return {
        size: {**asdict(measured), "ratio": measured.ratio, "cpu_ratio": measured.cpu_ratio}
        for size, measured in interleaved(servers, key).items()
    }


def _screens(folder: Path, port: int, addresses: dict[int, tuple[str, str]]) -> dict[str, Any]:
    seed, out = str(folder / f"{LARGE}.json"), folder / "screens.json"
    _python("screens", str(port), seed, str(out), addresses=addresses[LARGE], var=folder / str(LARGE))
    figures: dict[str, Any] = json.loads(out.read_text())
    return figures


def _csv(server: Server) -> dict[str, Any]:
    asker = Asker(server.port, server.pages["csv"])
    asker.ask()
    processes = (server.worker, *tree.backends_of(server.database))
    before = sum(map(tree.processor_seconds, processes))
    answer = asker.ask()
    spent = sum(map(tree.processor_seconds, processes)) - before
    asker.close()
    return {
        "cpu_seconds": spent,
        "status": answer.status,
        "seconds": answer.seconds,
        "first_byte": answer.first_byte,
        "sent_bytes": len(answer.body),
        "is_streamed": "content-length" not in answer.headers,
        "is_compressed": answer.headers.get("content-encoding") == "gzip",
    }


def _work(folder: Path, addresses: dict[int, tuple[str, str]], asked: dict[int, Any]) -> None:
    """Let the Celery worker of the large tree make the letters, so that it weighs what it weighs in use."""
    _python(
        "work", json.dumps(asked[LARGE]), str(LETTERS_WAIT_SECONDS), addresses=addresses[LARGE], var=folder / str(LARGE)
    )
