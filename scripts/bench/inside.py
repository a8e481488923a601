"""What a page does, seen from inside: ``python -m scripts.bench.inside count|profile|letters SEED FILE …``."""

import cProfile
import io
import json
import pstats
import re
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from applications.models import Benefit  # noqa: E402
from applications.services.rows import versions_of  # noqa: E402
from portal import cells  # noqa: E402
from rounds.answering.models import Answer  # noqa: E402
from scripts.bench.asking import TOKEN, plain, written  # noqa: E402

PROFILED = 20
LINES = 45
ROUNDS = 4


class Counter:
    """An execute wrapper: how many statements, and how many rows they gave."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, int]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        result = execute(sql, params, many, context)
        self.statements.append((sql, max(context["cursor"].rowcount, 0)))
        return result

    def watching(self) -> AbstractContextManager[None]:
        """Count in this block."""
        return connection.execute_wrapper(self)


def client_of(page: dict[str, Any]) -> Client:
    """A client with the person's cookie."""
    client = Client(raise_request_exception=False)
    for part in filter(None, page["cookie"].split("; ")):
        name, _equals, value = part.partition("=")
        client.cookies[name] = value
    client.cookies["csrftoken"] = TOKEN
    return client


def ask(client: Client, page: dict[str, Any]) -> Any:
    """Ask for the page as the bench does, and read all of it."""
    common: dict[str, Any] = {"SERVER_NAME": "127.0.0.1", "headers": {"Accept-Encoding": "gzip"}}
    draft = page.get("autosave")
    if draft is None:
        response: Any = client.get(page["path"], **common)
    else:
        common["headers"]["X-CSRFToken"] = TOKEN
        response = client.post(page["path"], written(draft), **common)
        saved = json.loads(plain(response.content, response.headers.get("Content-Encoding", "")))
        draft["version"] = saved.get("version", draft["version"])
    return b"".join(response.streaming_content) if response.streaming else response.content


def count(pages: dict[str, Any]) -> dict[str, Any]:
    """Queries and rows of each page, warm."""
    counts = {}
    for key, page in pages.items():
        if key == "empty":
            continue
        client, counter = client_of(page), Counter()
        ask(client, page)
        with counter.watching():
            content = ask(client, page)
        queries = [sql for sql, _rows in counter.statements if not sql.startswith(("SAVEPOINT", "RELEASE"))]
        counts[key] = {"queries": len(queries), "rows": sum(rows for _sql, rows in counter.statements)}
        counts[key]["statements"] = [
            f"{rows:6} {re.sub(r'SELECT .*? FROM', 'SELECT … FROM', sql)[:300]}" for sql, rows in counter.statements
        ]
        counts[key]["content_bytes"] = len(content)
    return counts


def profile(pages: dict[str, Any], keys: list[str], folder: Path) -> None:
    """The pages' profiles as text: by what they call, and by what costs itself."""
    for key in keys:
        client, page = client_of(pages[key]), pages[key]
        ask(client, page)
        # Processor time: on a busy machine the clock on the wall profiles the neighbours.
        profiler = cProfile.Profile(time.process_time)
        start = time.process_time()
        for _turn in range(PROFILED):
            ask(client, page)
        bare = (time.process_time() - start) / PROFILED
        profiler.enable()
        for _turn in range(PROFILED):
            ask(client, page)
        profiler.disable()
        words = io.StringIO()
        words.write(
            f"{page['path']}: {bare * 1000:.1f} ms of processor time in process; below {PROFILED} requests, profiled\n"
        )
        for order in ("cumulative", "tottime"):
            pstats.Stats(profiler, stream=words).strip_dirs().sort_stats(order).print_stats(LINES)
        (folder / f"{key}.txt").write_text(words.getvalue())


def letters(keys: list[int]) -> dict[str, float]:
    """Letters a second of one core: ours from the document, and the engine alone on the same HTML and style sheet."""
    from evaluation.decisions.models import Letter  # noqa: PLC0415 - after the other measures
    from portal.documents import services  # noqa: PLC0415
    from portal.pdf import engine  # noqa: PLC0415

    documents = [letter.document for letter in Letter.objects.filter(pk__in=keys)]
    html: list[str] = []
    write = engine.write
    engine.write = lambda text, **more: html.append(text) or write(text, **more)
    for document in documents:
        services.render(document)
    engine.write = write
    style, fonts = engine._style()  # noqa: SLF001 - the very style sheet that the letters use

    def bare(text: str) -> None:
        bare_document = engine.weasyprint.HTML(string=text, url_fetcher=engine.OwnFiles())
        bare_document.write_pdf(stylesheets=[style], font_config=fonts)

    ours_seconds = bare_seconds = 0.0
    for _turn in range(ROUNDS):
        for document, text in zip(documents, html, strict=True):
            start = time.process_time()
            services.render(document)
            between = time.process_time()
            bare(text)
            ours_seconds += between - start
            bare_seconds += time.process_time() - between
    made = ROUNDS * len(documents)
    return {"ours": made / ours_seconds, "bare": made / bare_seconds, "share": bare_seconds / ours_seconds}


def _bring_up_to_date(draft: dict[str, Any]) -> None:
    """The draft's version now: the bench has written many since the seed."""
    if "row" in draft:
        draft["version"] = cells.written(versions_of(Benefit.objects.get(key=draft["row"])))
        return
    answer = Answer.objects.get(response__application=draft["application"], question=draft["question"])
    draft["version"] = answer.version


def main(act: str, seed: str, target: str, *keys: str) -> None:
    """One act on one database."""
    asked = json.loads(Path(seed).read_text())
    for page in asked["pages"].values():
        if "autosave" in page:
            _bring_up_to_date(page["autosave"])
    if act == "profile":
        profile(asked["pages"], list(keys), Path(target))
        return
    measured: Any = count(asked["pages"]) if act == "count" else letters(asked["letters"])
    Path(target).write_text(json.dumps(measured, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
