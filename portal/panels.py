"""«Dine oppgaver» on the home page: each room adds a panel, and the portal knows none of them by name.

In a room's ``AppConfig.ready``::

    panels.register(Panel("signatures", order=20, build=queries.waiting_signatures))

``build(user, now)`` gives the person's open tasks, most urgent first, in as few queries as it can; an empty list hides
the panel. Visibility is the builder's own matter: it answers for what the person may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the person: what, where to do it, and until when (UTC)."""

    title: str
    url: str
    hint: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A room's part of the list. ``title`` heads it; the order is that of the process (10, 20, …)."""

    key: str
    order: int
    build: Callable[[Any, datetime], Sequence[Task]]
    title: Any = ""


_registered: dict[str, Panel] = {}


def register(*panels: Panel) -> None:
    """Add panels; registering the same key again replaces it."""
    for panel in panels:
        _registered[panel.key] = panel


def tasks_of(user: Any, now: datetime) -> list[tuple[Panel, Sequence[Task]]]:
    """The panels that have something for this person, in order, each with its tasks."""
    panels = sorted(_registered.values(), key=lambda panel: panel.order)
    return [(panel, tasks) for panel in panels if (tasks := panel.build(user, now))]
