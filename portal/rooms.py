"""What each room tells the house, in ``ROOM`` of its ``room.py``, and the questions that it answers for other rooms.

A room is an app named in ``settings.ROOMS``. Imports go left only, so a room asks the rooms to its right by a question:
a function without a body in its ``questions.py``, whose signature and docstring say what is asked::

    @question
    def frame_state(of_round: Round) -> FrameState:
        \"\"\"What is granted of the round's frame, in the round and in the others that share it.\"\"\"

One room to the right names its answer: ``ROOM = Room(answers={frame_state: queries.granted_under_frame})``.
``manage.py check`` fails while a room or an answer is missing. A question without an answer raises an error: a rule of
habilitet that has nobody to ask then shows nothing.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache, update_wrapper
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, Literal, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet

from portal.urgency import Stake

Params = ParamSpec("Params")
Result = TypeVar("Result")
Visible = Callable[[Any], object]
# Sent is «accent», under way «info», late or lost «danger», and what is over without an award «ended».
Tone = Literal["neutral", "accent", "info", "success", "warning", "danger", "ended"]


# --- what a room tells the house --------------------------------------------------------------


def everyone(user: object) -> bool:
    """The visibility of a page that is open to all, signed in or not."""
    return True


def signed_in(user: Any) -> bool:
    """The visibility of a page for everyone who has signed in."""
    return bool(user and user.is_authenticated)


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main menu, of the menu for administration, of the person's own menu, or of the demo's line.

    ``visible`` is called with the (perhaps anonymous) user once a page, so it must be cheap.
    """

    label: Any
    url_name: str
    visible: Visible = signed_in
    order: int = 50
    menu: Literal["main", "administration", "user", "demo"] = "main"
    # The name of the entry that is marked on these pages for one who does not see this entry.
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task on the front page: what waits for the person, where to do it, and the deadline (UTC).

    ``act`` is what its button says when the task comes first, and ``stake`` what depends on it. What begins at a time
    (``starts_at``) is ordered by that. What goes on now comes before every deadline.
    """

    title: str
    url: str
    hint: str = ""
    due_at: datetime | None = None
    act: str = ""
    stake: Stake = Stake.REMINDED
    starts_at: datetime | None = None
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class TaskList:
    """A room's tasks for the front page. The order is that of the process (10, 20, …).

    ``build(user, now)`` gives the person's open tasks, most urgent first, in as few queries as it can. ``build`` also
    decides what the person may see.
    """

    key: str
    order: int
    build: Callable[[Any, datetime], Sequence[WaitingTask]]


@dataclass(frozen=True, slots=True)
class HomePart:
    """A room's part of the front page below the tasks, or in the side column when it is ``beside``.

    ``build(user, now)`` gives the context of the template, or None when there is nothing to show; it also decides what
    the person may see. ``visible`` is asked first, also about a visitor who has not signed in.
    """

    order: int
    template: str
    build: Callable[[Any, datetime], Mapping[str, Any] | None]
    beside: bool = False
    visible: Visible = signed_in


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody is reminded of: its deadline (local date), its series, and the recipients.

    ``offsets`` are the days of the series, before (negative) or after the deadline. ``about`` is the row that the mail
    is about, and ``language`` the language of the mail.
    """

    subject: Model
    about: Model
    language: str
    deadline: date
    offsets: tuple[int, ...]
    recipients: tuple[str, ...]
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """A kind of reminder. ``find_waiting(today)`` gives all that waits; the mail is ``emails/reminder_<code>``."""

    code: str
    label: Any
    find_waiting: Callable[[date], Iterator[Waiting]]


@dataclass(frozen=True, slots=True)
class MailSubject:
    """A model that the room's mail is about, and who can mend a mail that did not arrive.

    ``rows(standing)`` are the rows whose mail the person looks after, without those of closed cases. ``case`` gives the
    row that the log tells it of, and ``url`` where the row is shown, when it has no address itself. Mail that is for a
    person alone may not be sent to another address (``may_redirect``).
    """

    model: str
    rows: Callable[[Any], QuerySet[Any]]
    case: Callable[[Any], Model] = lambda row: row
    url: Callable[[Any], str] | None = None
    may_redirect: bool = False


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of frozen document (``portal.documents``): what it is called and how its PDF is drawn, from the snapshot.

    ``title`` is asked in the language of the document, and the template too, which draws ``context(snapshot)`` and has
    the row as ``document``. Without a template the kind has no PDF. ``file_name`` may name «{document.subject}» and
    other fields. The snapshot lies in the PDF as ``data_name``, if it is named.
    """

    code: str
    title: Callable[[Any], str]
    template: str = ""
    context: Callable[[Any], dict[str, Any]] = dict
    file_name: str = ""
    data_name: str = ""
    data_label: Any = ""


class Question(Generic[Params, Result]):
    """A question that a room asks the rooms to its right; a call returns the answer of the room that answers."""

    def __init__(self, declared: Callable[Params, Result]) -> None:
        update_wrapper(self, declared)
        self.name = f"{declared.__module__}.{declared.__qualname__}"
        self.parameters = tuple(inspect.signature(declared).parameters)
        QUESTIONS[self.name] = self

    def __call__(self, *args: Params.args, **kwargs: Params.kwargs) -> Result:
        for room in all_rooms():
            if answering := room.answers.get(self):
                result: Result | None = answering(*args, **kwargs)
                if result is None:
                    raise UnansweredError(f"{self.name}: the answer gave nothing")
                return result
        raise UnansweredError(f"{self.name}: no room answers")


QUESTIONS: dict[str, Question[..., Any]] = {}


def question(declared: Callable[Params, Result]) -> Question[Params, Result]:
    """Declare a question by a function without a body."""
    return Question(declared)


class UnansweredError(ImproperlyConfigured):
    """No room answers the question. This is never taken for a yes or a no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a room tells the house.

    ``sentences`` has a sentence for each act of the log: a lazy text, or a function of the entry's data. ``tones`` has
    the colour of a status by its stored value. ``closed`` gives the objects that are closed to a person (ids by the
    label in the log): the log does not know of habilitet, and shows none of their entries.
    """

    menu: tuple[NavItem, ...] = ()
    tasks: tuple[TaskList, ...] = ()
    home: tuple[HomePart, ...] = ()
    sentences: Mapping[str, Any] = field(default_factory=dict)
    tones: Mapping[str, Tone] = field(default_factory=dict)
    reminders: tuple[ReminderKind, ...] = ()
    documents: tuple[DocumentKind, ...] = ()
    mail: tuple[MailSubject, ...] = ()
    answers: Mapping[Question[..., Any], Callable[..., Any]] = field(default_factory=dict)
    closed: Callable[[Any], Mapping[str, Collection[int]]] | None = None


# --- reading it -------------------------------------------------------------------------------


@cache
def all_rooms() -> tuple[Room, ...]:
    """The ``ROOM`` of every room, in the order of the process."""
    return tuple(import_module(f"{name}.room").ROOM for name in settings.ROOMS)


def reminder_kinds() -> list[ReminderKind]:
    """The kinds of reminder of all rooms, in the order of the process."""
    return [kind for room in all_rooms() for kind in room.reminders]


def mail_subjects() -> list[MailSubject]:
    """What the mail of all rooms is about, in the order of the process."""
    return [subject for room in all_rooms() for subject in room.mail]


def document_kinds() -> list[DocumentKind]:
    """What all rooms freeze, in the order of the process."""
    return [kind for room in all_rooms() for kind in room.documents]


def document_kind(code: str) -> DocumentKind:
    """The kind with the code; raises KeyError when no room has it."""
    return {kind.code: kind for kind in document_kinds()}[code]


def closed_subjects(standing: Any) -> list[tuple[str, Collection[int]]]:
    """The objects that are closed to the person of the standing, as the rooms tell: ids by label."""
    told = [room.closed(standing) for room in all_rooms() if room.closed]
    if not told:
        raise UnansweredError("closed_subjects: no room answers")
    return [(label, ids) for subjects in told for label, ids in subjects.items() if ids]


def tone_of(status: object) -> Tone:
    """The colour of a status; neutral when no room has a colour for it."""
    return next((room.tones[str(status)] for room in all_rooms() if str(status) in room.tones), "neutral")


def tasks_of(user: Any, now: datetime) -> list[tuple[TaskList, Sequence[WaitingTask]]]:
    """The task lists that are not empty for this person, in order, each with its tasks."""
    lists = sorted((item for room in all_rooms() for item in room.tasks), key=lambda item: item.order)
    return [(item, tasks) for item in lists if (tasks := item.build(user, now))]


def home_parts(user: Any, now: datetime) -> list[tuple[HomePart, Mapping[str, Any]]]:
    """The parts of the front page that have something to show this person or visitor, in order, with their context."""
    parts = [part for room in all_rooms() for part in room.home if part.visible(user)]
    parts.sort(key=lambda part: part.order)
    return [(part, context) for part in parts if (context := part.build(user, now)) is not None]


# --- the system check -------------------------------------------------------------------------


def check(app_configs: object, **_kwargs: object) -> list[CheckMessage]:
    """Check that every room has a ``room.py``, every question one answer, and every status one colour."""
    missing = list(_rooms_missing())
    if missing:
        return missing
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.questions"):
            import_module(f"{config.name}.questions")
    return [*(problem for asked in QUESTIONS.values() for problem in _answer_wrong(asked)), *_tones_that_differ()]


def require_whole() -> None:
    """Raise ImproperlyConfigured with the errors of the system check: for a process that starts without that check."""
    if problems := check(None):
        raise ImproperlyConfigured("; ".join(problem.msg for problem in problems))


def _rooms_missing() -> Iterator[CheckMessage]:
    for name in settings.ROOMS:
        if not find_spec(f"{name}.room"):
            yield Error(f"The room {name} has no room.py.", id="rooms.E001")
            continue
        room = getattr(import_module(f"{name}.room"), "ROOM", None)
        if not isinstance(room, Room) or not any(getattr(room, part.name) for part in fields(room)):
            yield Error(f"{name}.room tells nothing: it has no ROOM, or an empty one.", id="rooms.E002")


def _answer_wrong(asked: Question[..., Any]) -> Iterator[CheckMessage]:
    answers = [room.answers[asked] for room in all_rooms() if asked in room.answers]
    if len(answers) != 1:
        yield Error(f"{len(answers)} rooms answer {asked.name}; exactly one must.", id="rooms.E003")
    for answer in answers:
        taken = list(inspect.signature(answer).parameters.values()) if callable(answer) else []
        names, rest = tuple(item.name for item in taken[: len(asked.parameters)]), taken[len(asked.parameters) :]
        if names != asked.parameters or any(item.default is inspect.Parameter.empty for item in rest):
            yield Error(f"The answer to {asked.name} must take {asked.parameters}.", id="rooms.E004")


def _tones_that_differ() -> Iterator[CheckMessage]:
    """A status is coloured by its code alone, so two rooms with a status of one code must agree."""
    tones: dict[str, Tone] = {}
    for room in all_rooms():
        for status, tone in room.tones.items():
            if tones.setdefault(str(status), tone) != tone:
                yield Error(f"Two rooms have different colours for the status «{status}».", id="rooms.E005")
