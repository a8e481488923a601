"""Asking one page at a time over a connection that is kept open, as a browser does."""

import http.client
import json
import statistics
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from scripts.bench import tree

TOKEN = "b" * 32
WARM_UP, TIMES = 8, 40
ROW = "benefits-0"


@dataclass(slots=True)
class Answer:
    """What came back: status, headers, the body as it was sent, and the seconds it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    first_byte: float


@dataclass(slots=True)
class Asker:
    """One signed-in person's connection; ``page`` is one of the seed's."""

    port: int
    page: dict[str, Any]
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self) -> Answer:
        """Ask once. An autosave writes a new text on the version that it got last."""
        draft = self.page.get("autosave")
        headers = {"Cookie": f"{self.page['cookie']}; csrftoken={TOKEN}", "Accept-Encoding": "gzip"}
        method, body = "GET", None
        if draft:
            method, body = "POST", urlencode(written(draft))
            headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter()
        self.connection.request(method, self.page["path"], body=body, headers=headers)
        response = self.connection.getresponse()
        first = response.read(1)
        first_byte = time.perf_counter() - start
        content = first + response.read()
        took = time.perf_counter() - start
        if draft and response.status == http.client.OK:
            draft["version"] = json.loads(plain(content, response.headers.get("Content-Encoding")))["version"]
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content, took, first_byte)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def written(draft: dict[str, Any]) -> dict[str, str]:
    """The fields of an autosave of an answer or a row: a text that nobody has written before."""
    version = draft["version"]
    if "row" in draft:
        cells = {"key": draft["row"], "version": version, "benefit": f"{draft['text']} {version}"}
        return {"prefix": ROW, **{f"{ROW}-{name}": value for name, value in cells.items()}}
    name = draft["question"]
    return {name: f"{draft['text']} {version}", f"{name}--version": str(version), f"{name}--was": ""}


def plain(content: bytes, encoding: str | None) -> bytes:
    """The body as it was before it was compressed."""
    import gzip  # noqa: PLC0415 - only small answers are opened

    return gzip.decompress(content) if encoding == "gzip" else content


@dataclass(slots=True)
class Measured:
    """A page at one size: its median beside the empty view's, in milliseconds, and what was sent.

    ``cpu_ms`` is what the web worker's process and the database's spent on it: that does not grow on a busy machine.
    """

    status: int
    ms: float
    empty_ms: float
    cpu_ms: float
    empty_cpu_ms: float
    sent_bytes: int
    is_compressed: bool
    fails: bool

    @property
    def ratio(self) -> float:
        """How many empty views it costs."""
        return self.ms / self.empty_ms

    @property
    def cpu_ratio(self) -> float:
        """The same in processor time of the web worker and the database."""
        return self.cpu_ms / self.empty_cpu_ms


@dataclass(frozen=True, slots=True)
class Server:
    """Where one size is served: the port, the pages of its seed, the web worker's process, and the database."""

    port: int
    pages: dict[str, Any]
    worker: int
    database: str


@dataclass(slots=True)
class _Series:
    """One page on one server, asked again and again."""

    asker: Asker
    server: Server
    processes: tuple[int, ...] = ()
    seconds: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    last: Answer = field(init=False)

    def ask(self, *, counts: bool) -> None:
        """Ask once more; it is not counted when the portal has closed a connection that was old meanwhile."""
        try:
            before = self._spent()
            self.last = self.asker.ask()
            spent = self._spent() - before
        except FileNotFoundError:
            self.processes = self._serving()
            return
        if counts:
            self.seconds.append(self.last.seconds)
            self.spent.append(spent)

    def _serving(self) -> tuple[int, ...]:
        return (self.server.worker, *tree.backends_of(self.server.database))

    def _spent(self) -> float:
        self.processes = self.processes or self._serving()
        return sum(tree.processor_seconds(process) for process in self.processes)


def interleaved(servers: dict[int, Server], key: str, times: int = TIMES) -> dict[int, Measured]:
    """The page on every server, turn by turn with the empty view, so that a busy moment falls on all alike."""
    series = {
        (size, name): _Series(Asker(server.port, server.pages[name]), server)
        for size, server in servers.items()
        for name in ("empty", key)
    }
    for turn in range(WARM_UP + times):
        for one in series.values():
            one.ask(counts=turn >= WARM_UP)
    for one in series.values():
        one.asker.close()
    return {
        size: _measured(series[size, key], series[size, "empty"], server.pages[key].get("status", http.client.OK))
        for size, server in servers.items()
    }


def _measured(page: _Series, empty: _Series, wanted: int) -> Measured:
    answer = page.last
    return Measured(
        status=answer.status,
        ms=statistics.median(page.seconds) * 1000,
        empty_ms=statistics.median(empty.seconds) * 1000,
        cpu_ms=statistics.median(page.spent) * 1000,
        empty_cpu_ms=statistics.median(empty.spent) * 1000,
        sent_bytes=len(answer.body),
        is_compressed=answer.headers.get("content-encoding") == "gzip",
        fails=answer.status != wanted,
    )
