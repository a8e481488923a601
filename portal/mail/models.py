"""The messages of the outbox."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

KEY_LENGTH = 200


class Delivery(models.TextChoices):
    """How far a message has come."""

    QUEUED = "queued", _("I utboksen")
    DELAYED = "delayed", _("Prøves på nytt")
    SENT = "sent", _("Sendt")
    UNDELIVERED = "undelivered", _("Ikke levert")
    SENT_AGAIN = "sent_again", _("Sendt på nytt")


class Message(models.Model):
    """One mail to one address, as it was or will be sent."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    recipient = models.EmailField()
    language = models.CharField(max_length=5, default="nb")
    title = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    attachments = models.ManyToManyField("files.StoredFile", related_name="+", blank=True)
    queued_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # How often it has not gone through, and what the mail server answered last: a code («550»), or the type of the
    # error when there was no answer.
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    answer = models.CharField(max_length=60, blank=True, default="", db_default="")
    next_try_at = models.DateTimeField(null=True)
    # When it was refused for good, or given up.
    failed_at = models.DateTimeField(null=True)
    # When a person sent it again, or decided that it shall not be.
    settled_at = models.DateTimeField(null=True)
    # Mail that waits for more of the same: what it is called, and the things that it tells of.
    together = models.CharField(max_length=120, blank=True, default="", db_default="", db_index=True)
    items = models.JSONField(default=list, db_default=[])
    sent_again_as = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="sends_again")

    class Meta:
        ordering = ("-queued_at", "-pk")
        indexes = (
            models.Index(fields=("subject_type", "subject_id"), name="mail_by_subject"),
            models.Index(
                fields=("failed_at",), condition=Q(failed_at__isnull=False, settled_at=None), name="mail_failed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def delivery(self) -> Delivery:
        """How far it has come."""
        if self.sent_at:
            return Delivery.SENT
        if self.sent_again_as_id:
            return Delivery.SENT_AGAIN
        if self.failed_at:
            return Delivery.UNDELIVERED
        return Delivery.DELAYED if self.failures else Delivery.QUEUED

    @property
    def is_undelivered(self) -> bool:
        """Whether it was refused or given up, and was not sent again."""
        return self.delivery == Delivery.UNDELIVERED
