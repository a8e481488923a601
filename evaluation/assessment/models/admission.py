"""The completeness check, and who has been given what to assess."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class Admission(models.Model):
    """The completeness check of one application: the checklist as answered, and the outcome with its reason."""

    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="admission")
    submission = models.ForeignKey("applications.Submission", on_delete=models.PROTECT, related_name="+")
    checklist = models.JSONField(default=dict)
    admitted = models.BooleanField("tatt til vurdering")
    reason = models.TextField("begrunnelse", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(admitted=True) | ~Q(reason=""), name="assessment_refusal_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.application_id}"

    @property
    def unmet(self) -> list[dict[str, Any]]:
        """The checks that were not met, each with the reason why the application was taken in all the same."""
        return [item for item in self.checklist.get("items", ()) if not item["answer"]]


class Assignment(models.Model):
    """An application given to an assessor in a stage."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assignments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    # Given to somebody for a seat in a body: then it stands as long as the seat does.
    by_seat = models.BooleanField("i kraft av en plass", default=False)
    due_date = models.DateField("frist")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        ordering = ("due_date", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_assigned_once"),
        )
        indexes = (models.Index(fields=("assessor", "due_date"), name="assessment_desk"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"
