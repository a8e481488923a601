"""The table, with every aim beside its figure and every miss marked."""

import os
from collections.abc import Iterator
from typing import Any

from scripts.bench.pages import (
    CSV_QUERIES,
    CSV_SECONDS,
    FILES_KB,
    HUGE,
    LARGE,
    LETTER_SHARE,
    MOST_GROWTH,
    PAGES,
    PAINT,
    SCREENS,
    SIZES,
    SMALL,
    WORKER_MB,
    Page,
)

HEADINGS = (
    "page",
    f"ms {SMALL}",
    f"ms {LARGE:,}",
    "× empty",
    "× cpu",
    "aim",
    "growth",
    "cpu growth",
    f"to {HUGE:,}",
    "queries",
    "rows",
    "kB",
    "gzip",
    "",
)
# Small answers are not worth compressing.
MUST_COMPRESS_BYTES = 1_000


def growth(page: dict[int, Any]) -> float:
    """The cost at 2,000 over the cost at 100, both in empty views of the same turns."""
    return page[LARGE]["ratio"] / page[SMALL]["ratio"]


def cpu_growth(page: dict[int, Any], size: int) -> float:
    """The cost at a size over the cost at the size before it, in processor time: steady on a busy machine."""
    return page[size]["cpu_ratio"] / page[SIZES[SIZES.index(size) - 1]]["cpu_ratio"]


def misses(page: Page, measured: dict[str, Any]) -> list[str]:
    """In words, what the page misses."""
    large, counts = measured["pages"][page.key][LARGE], measured["counts"][LARGE][page.key]
    if large["fails"]:
        return [f"FAILS with {large['status']}"]
    lacks = []
    if page.aim and large["ratio"] > page.aim:
        lacks.append("time")
    for size, most in MOST_GROWTH.items():
        if cpu_growth(measured["pages"][page.key], size) > most:
            lacks.append(f"growth to {size:,}")
    if counts["queries"] > page.queries:
        lacks.append(f"queries (at most {page.queries})")
    if large["sent_bytes"] > MUST_COMPRESS_BYTES and not large["is_compressed"]:
        lacks.append("compression")
    return [f"MISSES: {', '.join(lacks)}"] if lacks else []


def missed_pages(measured: dict[str, Any]) -> list[str]:
    """The keys of the pages that miss an aim."""
    return [page.key for page in PAGES if misses(page, measured)]


def _row(page: Page, measured: dict[str, Any]) -> tuple[str, ...]:
    small, large = measured["pages"][page.key][SMALL], measured["pages"][page.key][LARGE]
    counts = measured["counts"][LARGE][page.key]
    return (
        page.name,
        f"{small['ms']:.2f}",
        f"{large['ms']:.2f}",
        f"{large['ratio']:.1f}",
        f"{large['cpu_ratio']:.1f}",
        str(page.aim or "–"),
        f"{growth(measured['pages'][page.key]):.2f}",
        f"{cpu_growth(measured['pages'][page.key], LARGE):.2f}",
        f"{cpu_growth(measured['pages'][page.key], HUGE):.2f}",
        str(counts["queries"]),
        str(counts["rows"]),
        f"{large['sent_bytes'] / 1000:.1f}",
        "yes" if large["is_compressed"] else "no",
        " ".join(misses(page, measured)) or "ok",
    )


def text(measured: dict[str, Any]) -> str:
    """Everything, for the terminal."""
    rows = [HEADINGS, *(_row(page, measured) for page in PAGES)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    last = len(HEADINGS) - 1
    table = [
        "  ".join(
            cell.ljust(widths[at]) if at in (0, last) else cell.rjust(widths[at]) for at, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
    table.insert(1, "-" * len(table[0]))
    empty = sorted(page[LARGE]["empty_ms"] for page in measured["pages"].values())
    head = (
        f"The empty view (/hello/): {empty[0]:.2f}–{empty[-1]:.2f} ms; "
        f"load {measured['load_before']:.1f} before, {measured['load_after']:.1f} after, "
        f"on {os.cpu_count()} processors."
    )
    return "\n".join([head, "", *table, "", *_screens(measured), "", *_others(measured)])


def _others(measured: dict[str, Any]) -> Iterator[str]:
    csv, queries = measured["csv"][LARGE], measured["counts"][LARGE]["csv"]["queries"]
    streamed = "streamed" if csv["is_streamed"] else "NOT STREAMED"
    yield _line(
        f"CSV of {LARGE:,}",
        f"{csv['seconds']:.2f} s, first byte after {csv['first_byte']:.2f} s, {queries} queries, "
        f"{csv['sent_bytes'] / 1000:.0f} kB, {streamed}",
        f"at most {CSV_QUERIES} queries and under {CSV_SECONDS:g} s",
        ok=csv["seconds"] < CSV_SECONDS and queries <= CSV_QUERIES and csv["is_streamed"] and csv["status"] == 200,  # noqa: PLR2004
    )
    by_row = {size: measured["csv"][size]["cpu_seconds"] / size * 1000 for size in (LARGE, HUGE)}
    yield _line(
        f"CSV of {HUGE:,}",
        f"{by_row[HUGE]:.3f} ms of processor a row, {by_row[HUGE] / by_row[LARGE]:.2f} of a row of {LARGE:,}",
        f"at most {MOST_GROWTH[HUGE]:g}",
        ok=by_row[HUGE] <= MOST_GROWTH[HUGE] * by_row[LARGE],
    )
    letters = measured["letters"]
    yield _line(
        "letters a second per core",
        f"{letters['ours']:.1f} against {letters['bare']:.1f} of bare WeasyPrint: {letters['share']:.2f}",
        f"at least {LETTER_SHARE}",
        ok=letters["share"] >= LETTER_SHARE,
    )
    for name, weight in measured["memory"].items():
        words = f"{weight['rss']:.0f} MB RSS, {weight['pss']:.0f} MB PSS"
        yield _line(name, words, f"under {WORKER_MB} MB", ok=weight["rss"] < WORKER_MB)
    start = measured["start_seconds"]
    yield f"from command to first page: {start['again']:.1f} s; with static files to collect {start[LARGE]:.1f} s"
    yield f"profiles of the misses: var/bench/; the whole run took {measured['seconds_of_run']} s"


def _screens(measured: dict[str, Any]) -> Iterator[str]:
    """What a person sees in the browser, a line a page."""
    names = {page.key: page.name for page in PAGES}
    for key in SCREENS:
        seen = measured["screens"][key]
        yield _line(
            f"in the browser, {names[key]}",
            f"largest paint after {seen['ms']:.0f} ms, {seen['ratio']:.1f} × empty, layout shift {seen['shift']:.3f}, "
            f"{seen['bytes'] / 1000:.1f} kB of CSS and JavaScript in {seen['files']} files",
            f"under {PAINT} ×, 0, under {FILES_KB} kB",
            ok=seen["ratio"] < PAINT and seen["shift"] == 0 and seen["bytes"] < FILES_KB * 1000,
        )


def _line(name: str, words: str, aim: str, *, ok: bool) -> str:
    return f"{name}: {words} (aim: {aim}) {'ok' if ok else 'MISSES'}"
