"""What every page shares: the menus with the entries of the rooms, and the values that the components draw.

The values have no rules. A view or query makes them; the tags in ``templatetags/ui.py`` draw them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from portal import clock, rooms

SERVICE_NAME = "Samhandlingsportalen"
# Characters in a cell. In a narrow column of a document 800 fill a page.
TALL = 400


# --- the menu ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NavLink:
    """A menu entry as this person sees it on this page."""

    label: str
    url: str
    is_current: bool


def links(request: HttpRequest, menu: str) -> list[NavLink]:
    """The entries of a menu that this person may see, in order, with the page's own entry marked."""
    user = getattr(request, "user", None)
    every = [item for room in rooms.all_rooms() for item in room.menu if item.menu == menu]
    seen = sorted((item for item in every if item.visible(user)), key=lambda item: item.order)
    urls = [(item, url) for item in seen if (url := _url(item.url_name))]
    current = _entry_at(request.path, [item for item, _url_of in urls]) or _entry_at(request.path, every, instead=True)
    return [NavLink(str(item.label), url, item.url_name == current) for item, url in urls]


def _entry_at(path: str, items: Iterable[rooms.NavItem], *, instead: bool = False) -> str:
    """The name of the entry whose pages the path is among; ``instead`` of it the one that others see marked."""
    among = [(url, item) for item in items if (url := _url(item.url_name)) and path.startswith(url)]
    if not among:
        return ""
    _longest, item = max(among, key=lambda held: len(held[0]))
    return item.otherwise if instead else item.url_name


@cache
def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menus, which are built only if the template draws them."""
    return {
        "service_name": SERVICE_NAME,
        "is_demo": settings.IS_DEMO,
        "demo_now": SimpleLazyObject(clock.now),
        "demo_links": SimpleLazyObject(lambda: links(request, "demo")),
        "languages": settings.LANGUAGES,
        "nav_links": SimpleLazyObject(lambda: links(request, "main")),
        "administration_links": SimpleLazyObject(lambda: links(request, "administration")),
        "user_links": SimpleLazyObject(lambda: links(request, "user")),
    }


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name, or of its only word: «Prosjektleder Senja», «PS»."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((*words[:1], *words[-1:]))).upper()


# --- values that the components draw -----------------------------------------------------------


class TaskStatus:
    """The statuses of a task list, with their words and the shapes that are drawn before them."""

    DONE = "done"
    TODO = "todo"
    ERROR = "error"
    LOCKED = "locked"
    # The statuses of a section that several people write in.
    UNTOUCHED = "untouched"
    STARTED = "started"
    FILLED = "filled"
    LABELS = {
        DONE: _("Fullført"),
        TODO: _("Ikke fullført"),
        UNTOUCHED: _("Ikke påbegynt"),
        STARTED: _("Påbegynt"),
        FILLED: _("Utfylt"),
        ERROR: _("Må rettes"),
        LOCKED: _("Kan ikke starte ennå"),
    }
    TONES = {
        DONE: "success",
        TODO: "neutral",
        UNTOUCHED: "neutral",
        STARTED: "info",
        FILLED: "success",
        ERROR: "danger",
        LOCKED: "neutral",
    }


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of a task list. A locked task is not linked."""

    title: str
    url: str = ""
    status: str = TaskStatus.TODO
    hint: str = ""
    # The words of the status, when they are others than its usual.
    said: str = ""

    @property
    def label(self) -> str:
        return self.said or str(TaskStatus.LABELS[self.status])

    @property
    def tone(self) -> str:
        return TaskStatus.TONES[self.status]

    @property
    def is_linked(self) -> bool:
        return bool(self.url) and self.status != TaskStatus.LOCKED


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one next step of a page: what to do, why, until when (UTC), what the button says and where it leads.

    Without an address there is only to wait. ``is_post`` does it at once: the button posts to the address. ``is_close``
    warns that little time is left. ``heading`` is the news of the page, where it follows from the step.
    """

    title: str
    _: KW_ONLY
    text: str = ""
    act: str = ""
    url: str = ""
    due_at: datetime | None = None
    is_close: bool = False
    is_post: bool = False
    tone: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Ahead:
    """What comes next of what a part of the front page tells: when, what it is called, and its page."""

    at: datetime
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """A heading with its tasks."""

    title: str
    tasks: Sequence[TaskRow]

    @property
    def is_done(self) -> bool:
        return all(task.status in {TaskStatus.DONE, TaskStatus.FILLED} for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of «sjekk svarene»: a question, its answer, and the address of the page that changes it."""

    label: str
    value: object = ""
    change_url: str = ""

    @property
    def is_empty(self) -> bool:
        return self.value in ("", None, [], ())

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list | tuple)


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """A step of the process in the stage bar."""

    label: str
    state: Literal["done", "current", "later"] = "later"
    when: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the timeline, as a plain sentence."""

    at: datetime
    text: str
    by: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in a file list, with the address of the file and, if allowed, of the page that removes it."""

    name: str
    url: str
    size: int | None = None
    note: str = ""
    at: datetime | None = None
    remove_url: str = ""
    is_unscanned: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ``DataTable``; money and numbers are aligned to the right."""

    label: str
    kind: Literal["text", "money", "number", "date", "html"] = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number")


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table that needs no template of its own. The first cell of a row is its heading."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    total: Sequence[object] = field(default_factory=tuple)

    @property
    def is_tall(self) -> bool:
        """Whether a row may be taller than a page of a document, which cannot part it well."""
        return any(len(str(cell)) > TALL for row in self.rows for cell in row)

    def cells(self, row: Iterable[object]) -> list[tuple[Column, object]]:
        """Each value of the row with its column."""
        return list(zip(self.columns, row, strict=True))

    @property
    def body(self) -> list[list[tuple[Column, object]]]:
        return [self.cells(row) for row in self.rows]

    @property
    def foot(self) -> list[tuple[Column, object]]:
        return self.cells(self.total) if self.total else []
