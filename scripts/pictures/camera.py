"""Chromium, for each page of a state at each width."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.pictures import plan
from scripts.pictures.plan import View
from tests.harness.browser import FLAGS, program_path
from tests.harness.tree import running_tree

ROOT = Path(__file__).resolve().parents[2]
README_FOLDER = ROOT / "docs/pictures"
# The folder of the run whose pictures the README shows: not those of before a change, or of an empty portal.
FOR_README = ("now", "usual")


@dataclass(frozen=True)
class Picture:
    """One picture of a view: its file's name, and how the browser is set."""

    name: str
    width: int
    language: str = ""
    media: str = "screen"
    scheme: str = "light"
    colors: str = "none"
    # The first screen alone, kept with the code for the README.
    is_for_readme: bool = False


def take(state: str, folder: Path, *, only: str) -> int:
    """Fill a portal, open its pages, and write folder/state/*.png; gives how many pictures there are."""
    target = folder / state
    target.mkdir(parents=True, exist_ok=True)
    number = 0
    with _portal(state) as (views, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program_path(), args=FLAGS)
        for view in views:
            if only in view.kind:
                number += _take_view(browser, view, address, target)
        browser.close()
    return number


def pictures(view: View) -> Iterator[Picture]:
    """The pictures that are taken of the view."""
    for width in plan.WIDTHS:
        yield Picture(f"{view.name}--{width}", width)
    for language in plan.LANGUAGES if view.kind in plan.TRANSLATED else ():
        yield Picture(f"{view.name}--{language}", plan.ONE_WIDTH, language=language)
    if view.kind in plan.PRINTED:
        yield Picture(f"{view.name}--print", plan.ONE_WIDTH, media="print")
    if view.name in plan.IN_README:
        yield Picture(plan.IN_README[view.name], plan.ONE_WIDTH, is_for_readme=True)
    if view.kind in plan.DARK:
        yield Picture(f"{view.name}--dark", plan.ONE_WIDTH, scheme="dark")
    if view.kind in plan.FORCED:
        yield Picture(f"{view.name}--forced", plan.ONE_WIDTH, colors="active")


def _take_view(browser: Browser, view: View, address: str, target: Path) -> int:
    number = 0
    for language in ("", *plan.LANGUAGES):
        wanted = [picture for picture in pictures(view) if picture.language == language]
        if target.parts[-2:] != FOR_README:
            wanted = [picture for picture in wanted if not picture.is_for_readme]
        if wanted:
            context = browser.new_context(base_url=address, timezone_id="Europe/Oslo", locale=language or "nb-NO")
            context.add_cookies(
                [{"name": name, "value": value, "url": address} for name, value in view.cookies.items()]
                + ([{"name": "django_language", "value": language, "url": address}] if language else [])
            )
            page = context.new_page()
            page.goto(view.path)
            for picture in wanted:
                _take(page, picture, target)
                number += 1
            context.close()
    return number


def _take(page: Page, picture: Picture, target: Path) -> None:
    chosen: Any = {"media": picture.media, "color_scheme": picture.scheme, "forced_colors": picture.colors}
    page.emulate_media(**chosen)
    page.set_viewport_size({"width": picture.width, "height": plan.HEIGHT})
    if picture.is_for_readme:
        README_FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=README_FOLDER / f"{picture.name}.png")
    else:
        page.screenshot(path=target / f"{picture.name}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth") > picture.width:
            print(f"{target.name}/{picture.name} is wider than the screen", flush=True)


@contextmanager
def _portal(state: str) -> Iterator[tuple[list[View], str]]:
    """A running portal in this state: its views, and where it answers."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as name:
        var, file = Path(name) / "var", Path(name) / "views.json"
        var.mkdir()
        environment = {
            "DATABASE_URL": _database(state),
            "PORTAL_ENV": "demo",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        subprocess.run(
            [sys.executable, "-m", "scripts.pictures.states", state, str(file)],
            cwd=ROOT,
            env={**os.environ, **environment, "PORTAL_VAR": str(var)},
            check=True,
        )
        views = [View(**view) for view in json.loads(file.read_text())]
        with running_tree(var, "--demo-persons", **environment) as (_process, port):
            yield views, f"http://127.0.0.1:{port}"


def _database(state: str) -> str:
    """The address of an empty database for the state."""
    name = f"pictures_{state}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
