"""That somebody asks the body to discuss a case, which then is not resolved together with others."""

from django.conf import settings
from django.db import models

from evaluation.meetings.models.meeting_case import Case


class DiscussionRequest(models.Model):
    """Somebody on the roll asks that the case is discussed; the row is gone when it is taken back."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="discussion_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (models.UniqueConstraint(fields=("case", "person"), name="meetings_asked_to_discuss_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.person_id}"
