"""Reads of what was sent: to whom, and whether it arrived."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Model, Q, QuerySet
from django.db.models.functions import Cast

from portal import rooms
from portal.mail.models import Message

# A link to choose a password is for the person alone, who asks for a new one.
PRIVATE = frozenset({"password_reset", "new_address"})
# So many are shown when a mail server has been away; the others come as these are settled.
SHOWN = 500


def messages_about(about: Model, *kinds: str, key: str = "") -> QuerySet[Message]:
    """The messages of the kinds about the row, in the order of the addresses; of those, whose key begins with ``key``.

    A message that was sent again stands beside the one that was sent instead.
    """
    messages = Message.objects.filter(subject_type=about._meta.label_lower, subject_id=str(about.pk), kind__in=kinds)
    begun = Q(key__startswith=key) | Q(sends_again__key__startswith=key)
    return (messages.filter(begun) if key else messages).order_by("recipient", "pk")


def messages_with_keys(keys: Collection[str]) -> list[Message]:
    """The messages with these keys, and those that were sent instead of them; one query, none without keys."""
    return list(Message.objects.filter(Q(key__in=keys) | Q(sends_again__key__in=keys))) if keys else []


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive, the row that it is about, and what the room has told of such mail."""

    message: Message
    row: Any
    subject: rooms.MailSubject

    @property
    def case(self) -> Model:
        """The row that the log tells it of."""
        return self.subject.case(self.row)

    @property
    def may_redirect(self) -> bool:
        """Whether it may go to another address. A reminder may tell of several applications, so it may not."""
        return self.subject.may_redirect and not self.message.kind.startswith("reminder_")

    @property
    def url(self) -> str:
        """Where the row is shown; empty when it has no page."""
        if self.subject.url:
            return self.subject.url(self.row)
        return self.row.get_absolute_url() if hasattr(self.row, "get_absolute_url") else ""


def undelivered(standing: Any) -> list[Undelivered]:
    """The messages that did not arrive and wait for somebody like the person, newest first; one query when none do."""
    models = set(_failed().order_by().values_list("subject_type", flat=True).distinct())
    subjects = [subject for subject in rooms.mail_subjects() if subject.model in models]
    theirs = [message for subject in subjects for message in _failed_about(subject, standing)[:SHOWN]]
    return _looked_after(theirs, standing)[:SHOWN]


def _failed_about(subject: rooms.MailSubject, standing: Any) -> QuerySet[Message]:
    """Of the rows that the person looks after; chosen here, so that others' mail does not take their place."""
    keys = subject.rows(standing).order_by().values(key=Cast("pk", CharField()))
    return _failed().filter(subject_type=subject.model, subject_id__in=keys)


def undelivered_message(standing: Any, pk: int) -> Undelivered | None:
    """That message, when it did not arrive and the person looks after it."""
    return next(iter(_looked_after(_failed().filter(pk=pk), standing)), None)


def _failed() -> QuerySet[Message]:
    failed = Message.objects.filter(failed_at__isnull=False, settled_at=None, sent_at=None)
    return failed.exclude(kind__in=PRIVATE).order_by("-failed_at", "-pk")


def _looked_after(messages: Iterable[Message], standing: Any) -> list[Undelivered]:
    by_type: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_type[message.subject_type].append(message)
    told = []
    for subject in rooms.mail_subjects():
        theirs = by_type.get(subject.model, ())
        rows = subject.rows(standing).in_bulk([int(message.subject_id) for message in theirs]) if theirs else {}
        told += [
            Undelivered(message, rows[int(message.subject_id)], subject)
            for message in theirs
            if int(message.subject_id) in rows
        ]
    return sorted(told, key=lambda one: (one.message.failed_at, one.message.pk), reverse=True)


def undelivered_counts(label: str, pks: Iterable[int], kind: str) -> dict[int, tuple[int, int]]:
    """Of each row's messages of the kind, how many did not arrive and how many there are.

    Rows whose messages all arrived are left out.
    """
    failed = Q(failed_at__isnull=False, sent_at=None, sent_again_as=None)
    of_rows = Message.objects.filter(subject_type=label, subject_id__in=[str(pk) for pk in pks], kind=kind)
    counts = of_rows.order_by().values_list("subject_id").annotate(failed=Count("pk", filter=failed), all=Count("pk"))
    return {int(pk): (failed, total) for pk, failed, total in counts if failed}
