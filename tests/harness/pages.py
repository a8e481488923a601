"""Walks the portal as a person does: pages of each kind that the person can reach, with the forms on them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

# So many pages of one kind are opened: the second often has what the first lacks.
OF_A_KIND = 2


@dataclass
class PageForm:
    """A form as the browser would send it."""

    method: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    # What a person types into; the rest is chosen, or hidden.
    typed: list[str] = field(default_factory=list)

    def with_value(self, name: str, value: str) -> dict[str, list[str]]:
        return {**self.values, name: [value]}


@dataclass
class Page:
    """A page that was opened: its kind is the name of its address."""

    kind: str
    path: str
    forms: list[PageForm]
    links: list[str]
    html: str


class _Reader(HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.links.append(urljoin(self.path, said["href"]))
        elif tag == "form":
            action = urljoin(self.path, said.get("action") or said.get("hx-post") or self.path)
            self.form = PageForm(said.get("method", "get").lower(), action)
            self.forms.append(self.form)
        elif self.form and tag == "option" and self.select and ("selected" in said or self.select not in self._values):
            self._values[self.select] = [said.get("value", "")]
        elif self.form and said.get("name"):
            self._field(tag, said)

    @property
    def _values(self) -> dict[str, list[str]]:
        return self.form.values if self.form else {}

    def _field(self, tag: str, said: dict[str, str]) -> None:
        name, kind = said["name"], said.get("type", "text" if tag == "input" else "")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self._values[name] = [""]
            self._typed(name)
        elif kind in {"checkbox", "radio"}:
            if "checked" in said or name not in self._values:
                self._values.setdefault(name, []).append(said.get("value", "on"))
        elif tag == "input" and kind != "file":
            self._values[name] = [said.get("value", "")]
            self._typed(name)

    def _typed(self, name: str) -> None:
        if self.form and name != "csrfmiddlewaretoken":
            self.form.typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self._values[self.area] = [self._values[self.area][0] + data]


def kind_of(path: str) -> str:
    """The name of the address, or nothing when the portal has no such address."""
    try:
        return str(resolve(urlsplit(path).path).view_name)
    except Resolver404:
        return ""


def open_page(client: Client, path: str) -> Page | None:
    """The page, or None when the address gives something else than a page."""
    answer: Any = client.get(path, follow=True)
    answer.close()
    if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
        return None
    here = answer.request["PATH_INFO"]
    reader = _Reader(here)
    html = answer.content.decode()
    reader.feed(html)
    return Page(kind_of(here), path, reader.forms, reader.links, html)


def walk(client: Client, start: str = "/") -> list[Page]:
    """The pages that the person reaches by links from the start, at most ``OF_A_KIND`` of each kind."""
    pages: list[Page] = []
    waiting, seen, count = [start], {start}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        page = open_page(client, path)
        if page is None:
            continue
        pages.append(page)
        for link in (re.sub("#.*", "", link) for link in page.links):
            kind = kind_of(link)
            if link in seen or not link.startswith("/") or not kind or "logout" in kind or "language" in kind:
                continue
            seen.add(link)
            count[kind] = count.get(kind, 0) + 1
            if count[kind] <= OF_A_KIND:
                waiting.append(link)
    return pages
