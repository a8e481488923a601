"""The minutes of a meeting, as a row: the remarks, and the document that was frozen."""

from django.conf import settings
from django.db import models

from evaluation.meetings.models.meeting import Meeting
from portal.documents.models import Documented, DocumentedManager


class Minutes(Documented):
    """The minutes of a meeting: frozen in a document when adopted."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    remarks = models.TextField("merknader", blank=True)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    # The draft was sent to those on the roll, who may write remarks to the end of the day.
    sent_at = models.DateTimeField(null=True)
    remarks_until = models.DateField(null=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    objects = DocumentedManager()

    def __str__(self) -> str:
        return f"{self.meeting_id}"

    @property
    def is_adopted(self) -> bool:
        """Whether they are frozen."""
        return self.adopted_at is not None


class MemberRemark(models.Model):
    """What somebody on the roll says of the draft of the minutes, for those who adopt them; it is no part of them."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="member_remarks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("merknad")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "pk")

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.person_id}"
