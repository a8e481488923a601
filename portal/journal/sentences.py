"""The log in plain words: the sentences that the rooms give their acts, and entries as events of a timeline.

In a room's ``room.py``::

    ROOM = Room(sentences={"application.submitted": _("Søknaden ble sendt.")})

A sentence may name values of the entry's data: ``"Fristen ble utsatt til %(until)s."`` One that depends on them
(singular or plural, what older entries lack) is a function from the data to the sentence.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from portal import formats, rooms
from portal.clock import local_date
from portal.journal.models import LogEntry
from portal.journal.questions import Named, names_of, noun_contexts
from portal.twins import twin_of
from portal.ui import Event

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Known(dict[str, Any]):
    """The entry's data in Norwegian formats; a value that is missing is shown as a dash."""

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return formats.grouped(value)
        if isinstance(value, str) and _DAY.fullmatch(value):
            return formats.date_no(date.fromisoformat(value))
        return formats.MISSING if value is None else str(value)

    def __missing__(self, key: str) -> str:
        return formats.MISSING


def sentences_by_act() -> dict[str, Any]:
    """The sentence of each act that has one."""
    return {act: text for room in rooms.all_rooms() for act, text in room.sentences.items()}


def sentence(entry: LogEntry, noun_context: str = "") -> str:
    """The entry as a sentence; the name of the act when no room has a sentence for it.

    About what is applied with in a round it is said under the ``noun_context`` of the round (``portal.twins``).
    """
    text = next((room.sentences[entry.act] for room in rooms.all_rooms() if entry.act in room.sentences), None)
    if text is None:
        return _("Hendelse: %(act)s") % {"act": entry.act}
    words = text(entry.data) if callable(text) else text
    return twin_of(words, noun_context) % _Known(entry.data)


def lines(entries: Sequence[LogEntry]) -> list[tuple[LogEntry, str]]:
    """Each entry with its sentence, about whatever it is."""
    contexts = noun_contexts(_subjects(entries))
    return [(entry, sentence(entry, contexts.get((entry.subject_type, entry.subject_id), ""))) for entry in entries]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: an entry, its sentence, and what it is about, if the reader may open that."""

    entry: LogEntry
    sentence: str
    about: Named | None


def days(entries: Sequence[LogEntry], standing: Any) -> list[tuple[date, list[Line]]]:
    """The entries as lines under their days in Oslo, in their order, for the person of the standing."""
    names = names_of(_subjects(entries), standing)
    all_lines = [Line(entry, said, names.get((entry.subject_type, entry.subject_id))) for entry, said in lines(entries)]
    return [(day, list(of_day)) for day, of_day in groupby(all_lines, lambda line: local_date(line.entry.at))]


def _subjects(entries: Iterable[LogEntry]) -> dict[str, set[str]]:
    subjects: dict[str, set[str]] = {}
    for entry in entries:
        subjects.setdefault(entry.subject_type, set()).add(entry.subject_id)
    return subjects


def events(entries: Iterable[LogEntry], noun_context: str = "") -> list[Event]:
    """The entries as ``ui.Event`` for ``{% timeline %}``, newest first. Read them with ``queries.entries_of``."""
    oldest_first = [
        Event(at=entry.at, text=sentence(entry, noun_context), by=str(entry.actor) if entry.actor else _("Portalen"))
        for entry in entries
    ]
    return oldest_first[::-1]
