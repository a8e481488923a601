"""The engine of the reminders: one row for each reminder that was sent.

Each kind lists what still waits, and ``windows.due_reminder`` says which reminder is due. The row is unique, so a
reminder is sent once however often this runs, and a worker that was stopped sends what is still worth sending.
"""

from datetime import date, datetime

from portal import rooms
from portal.acts import act
from portal.clock import at_local, local_date
from portal.jobs.services import going_on
from portal.mail import services as mail
from portal.reminders.models import Reminder
from portal.reminders.windows import Due, due_reminder
from portal.rooms import ReminderKind, Waiting


def remind(at: datetime) -> int:
    """Queue every reminder that is due and not yet sent; how many were queued. One that fails stops no other."""
    today = local_date(at)
    return sum(_remind_of(kind, today, at) for kind in rooms.reminder_kinds())


def _remind_of(kind: ReminderKind, today: date, at: datetime) -> int:
    queued = 0
    with going_on(f"listing what waits for a reminder of {kind.code}"):
        for waiting in kind.find_waiting(today):
            due = due_reminder(waiting.deadline, waiting.offsets, today)
            if due is None:
                continue
            for recipient in waiting.recipients:
                with going_on(f"reminder of {kind.code} for {waiting.subject._meta.label_lower} {waiting.subject.pk}"):
                    queued += _remind_one(kind, waiting, due, recipient, at)
    return queued


@act
def _remind_one(kind: ReminderKind, waiting: Waiting, due: Due, recipient: str, at: datetime) -> bool:
    reminder, is_new = Reminder.objects.get_or_create(
        kind=kind.code,
        subject_type=waiting.subject._meta.label_lower,
        subject_id=str(waiting.subject.pk),
        recipient=recipient,
        due_at=at_local(due.day),
        defaults={"sent_at": at},
    )
    if is_new:
        mail.queue(
            f"reminder_{kind.code}",
            recipient=recipient,
            about=waiting.about,
            context={"deadline": waiting.deadline, "is_overdue": due.is_overdue, **waiting.context},
            at=at,
            key=f"reminder:{reminder.pk}",
            language=waiting.language,
        )
    return is_new
