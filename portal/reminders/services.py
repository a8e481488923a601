"""The engine of the reminders: one row for each reminder that was sent.

Each kind lists what still waits, and ``windows.due_reminder`` says which reminder is due. The row is unique, so a
reminder is sent once however often this runs, and a worker that was stopped sends what is still worth sending. What one
person is reminded of at the same time is one mail.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from portal import rooms
from portal.acts import act
from portal.clock import at_local, local_date
from portal.jobs.services import going_on
from portal.mail import services as mail
from portal.reminders import windows
from portal.reminders.models import Reminder
from portal.reminders.windows import Due, due_reminder
from portal.rooms import ReminderKind, Waiting

# What one person is reminded of: what waits, and which reminder of its series is due.
Things = Sequence[tuple[Waiting, Due]]


def remind(at: datetime) -> int:
    """Queue every reminder that is due and not yet sent; how many were queued. One that fails stops no other."""
    today = local_date(at)
    return sum(_remind_of(kind, today, at) for kind in rooms.reminder_kinds())


def next_day(today: date) -> date | None:
    """The first day after today on which one of those who wait now is reminded; None when nobody will be."""
    series = (waiting for kind in rooms.reminder_kinds() for waiting in kind.find_waiting(today))
    days = (windows.next_day(waiting.deadline, waiting.offsets, today) for waiting in series)
    return min((day for day in days if day), default=None)


def _remind_of(kind: ReminderKind, today: date, at: datetime) -> int:
    """All that waits for a reminder of the kind; what one person is reminded of in one language is one mail."""
    told: dict[tuple[str, str], list[tuple[Waiting, Due]]] = defaultdict(list)
    with going_on(f"listing what waits for a reminder of {kind.code}"):
        for waiting in kind.find_waiting(today):
            due = due_reminder(waiting.deadline, waiting.offsets, today)
            if due is None:
                continue
            for recipient in waiting.recipients:
                told[recipient, waiting.language].append((waiting, due))
    return sum(_remind_one(kind, things, recipient, language, at) for (recipient, language), things in told.items())


def _remind_one(kind: ReminderKind, things: Things, recipient: str, language: str, at: datetime) -> int:
    """Remind one person of these things; when they cannot be told of together, of each by itself."""
    first = things[0][0].subject
    queued = 0
    with going_on(f"reminder of {kind.code} for {first._meta.label_lower} {first.pk}"):
        try:
            return _queue(kind, things, recipient, language, at)
        except Exception:
            if len(things) == 1:
                raise
        for thing in things:
            queued += _remind_one(kind, [thing], recipient, language, at)
    return queued


def remind_again(code: str, waiting: Waiting, at: datetime) -> int:
    """Remind of one thing beside its series, because somebody asks for it; how many were reminded.

    Nobody is when a reminder of it went out the same day, whoever asked for that.
    """
    today = local_date(at)
    subject = {"subject_type": waiting.subject._meta.label_lower, "subject_id": str(waiting.subject.pk)}
    if Reminder.objects.filter(kind=code, sent_at__gte=at_local(today), **subject).exists():
        return 0
    (kind,) = [each for each in rooms.reminder_kinds() if each.code == code]
    things = [(waiting, Due(today, (today - waiting.deadline).days))]
    return sum(_queue(kind, things, recipient, waiting.language, at) for recipient in waiting.recipients)


@act
def _queue(kind: ReminderKind, things: Things, recipient: str, language: str, at: datetime) -> int:
    """Queue one mail about those of the things that the person was not reminded of; how many they are."""
    new: list[tuple[Reminder, Waiting, Due]] = []
    key = f"reminder:{uuid4()}"
    for waiting, due in things:
        reminder, is_new = Reminder.objects.get_or_create(
            kind=kind.code,
            subject_type=waiting.subject._meta.label_lower,
            subject_id=str(waiting.subject.pk),
            recipient=recipient,
            due_at=at_local(due.day),
            defaults={"sent_at": at, "mail_key": key},
        )
        if is_new:
            new.append((reminder, waiting, due))
    if new:
        _reminder, first, _due = new[0]
        items = [
            {"deadline": waiting.deadline, "is_overdue": due.is_overdue, **waiting.context}
            for _reminder, waiting, due in sorted(new, key=lambda one: one[1].deadline)
        ]
        mail.queue(
            f"reminder_{kind.code}",
            recipient=recipient,
            about=first.about,
            context={"items": items},
            at=at,
            key=key,
            language=language,
        )
    return len(new)
