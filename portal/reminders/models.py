"""The reminders that were sent."""

from typing import Any

from django.db import models

from portal import rooms


def kind_choices() -> list[tuple[str, Any]]:
    """Code and label of every kind of reminder of the rooms."""
    return [(kind.code, kind.label) for kind in rooms.reminder_kinds()]


class Reminder(models.Model):
    """A reminder that was queued: once for each kind, subject, recipient and due time."""

    kind = models.CharField(max_length=12, choices=kind_choices)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    recipient = models.EmailField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    # The key of the mail, which may tell of more; empty in rows from before it was kept.
    mail_key = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id", "recipient", "due_at"), name="reminders_once"
            ),
        )
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="reminders_by_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.due_at:%Y-%m-%d}"

    @property
    def key_of_mail(self) -> str:
        """The key of the mail that tells of it."""
        return self.mail_key or f"reminder:{self.pk}"
