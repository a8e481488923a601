"""What a person waits for in Chromium: the largest thing painted, what moved afterwards, and the files of the page.

``python -m scripts.bench.screens PORT SEED OUT``: SEED is what the seed wrote, and OUT gets the figures. Each page is
opened by a new person with nothing in the cache, in turn with the empty view. The figures are Chromium's own
performance entries and transfer sizes.
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from scripts.bench.pages import EMPTY, SCREENS
from tests.harness.browser import FLAGS, program_path

TIMES = 7
# Reads what was recorded before it began, and gives it a moment for what comes last.
READ = """() => new Promise((resolve) => {
  const seen = { painted: 0, moved: 0 };
  const watch = (type, add) => new PerformanceObserver((list) => list.getEntries().forEach(add)).observe(
    { type, buffered: true });
  watch("largest-contentful-paint", (entry) => { seen.painted = entry.startTime; });
  watch("layout-shift", (entry) => { seen.moved += entry.value; });
  setTimeout(() => {
    const files = performance.getEntriesByType("resource").filter(({ name }) => /\\.(css|js)$/.test(name));
    resolve({ ...seen, bytes: files.reduce((sum, file) => sum + file.encodedBodySize, 0), files: files.length });
  }, 300);
})"""


def measure(port: int, pages: dict[str, Any]) -> dict[str, Any]:
    """By page: milliseconds to the largest paint, in empty views too, the layout shift, and bytes of CSS and JS."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - half a second of every start

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program_path(), args=FLAGS)
        measured = {key: _screen(browser, f"http://127.0.0.1:{port}", pages, key) for key in SCREENS}
        browser.close()
    return measured


def _screen(browser: Any, address: str, pages: dict[str, Any], key: str) -> dict[str, Any]:
    empty, seen = [], []
    for _turn in range(TIMES):
        empty.append(_open(browser, address, pages[EMPTY])["painted"])
        seen.append(_open(browser, address, pages[key]))
    painted = statistics.median(one["painted"] for one in seen)
    return {
        "ms": painted,
        "ratio": painted / statistics.median(empty),
        "shift": max(one["moved"] for one in seen),
        "bytes": seen[-1]["bytes"],
        "files": seen[-1]["files"],
    }


def _open(browser: Any, address: str, page: dict[str, Any]) -> dict[str, Any]:
    context = browser.new_context(base_url=address, locale="nb-NO", viewport={"width": 1280, "height": 900})
    pairs = [pair.partition("=") for pair in page["cookie"].split("; ") if pair]
    context.add_cookies([{"name": name, "value": value, "url": address} for name, _equals, value in pairs])
    tab = context.new_page()
    answer = tab.goto(page["path"], wait_until="load")
    if not answer or answer.status != 200:  # noqa: PLR2004
        raise AssertionError(f"{page['path']} answered {answer and answer.status}")
    seen: dict[str, Any] = tab.evaluate(READ)
    context.close()
    return seen


if __name__ == "__main__":
    port, seed, out = sys.argv[1:]
    figures = measure(int(port), json.loads(Path(seed).read_text())["pages"])
    Path(out).write_text(json.dumps(figures))
