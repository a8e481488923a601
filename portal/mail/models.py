"""The messages of the outbox."""

from django.db import models


class Message(models.Model):
    """One mail to one address, as it was or will be sent."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    recipient = models.EmailField()
    copy_to = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="nb")
    title = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    attachments = models.ManyToManyField("files.StoredFile", related_name="+", blank=True)
    queued_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-queued_at", "-pk")
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="mail_by_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
