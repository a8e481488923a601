"""The entries of the log."""

from django.conf import settings
from django.db import models

from portal.snapshots import digest


class LogEntry(models.Model):
    """One act: who did what to what, when, and the digest of the entry before it."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    community_code = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "number"), name="journal_by_subject"),
            models.Index(fields=("community_code", "-number"), name="journal_by_community"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.act}"

    def computed_digest(self) -> str:
        """What the digest must be for these contents."""
        return digest(
            {
                "number": self.number,
                "at": self.at,
                "act": self.act,
                "subject": [self.subject_type, self.subject_id],
                "actor": self.actor_id,
                "community": self.community_code,
                "data": self.data,
                "previous": self.previous_digest,
            }
        )
