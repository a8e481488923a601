"""What people have stated about their habilitet, and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation.assessment.habilitet import Ground


class Declaration(models.Model):
    """What a person has stated about their own habilitet for one application, and what the portal pointed out then."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    has_tie = models.BooleanField("har en tilknytning")
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    explanation = models.TextField("forklaring", blank=True)
    # [{"ground", "sentence", "is_strong"}]: the ties the portal saw when the person answered.
    suggested = models.JSONField(default=list)
    # Until somebody else has decided, the case stays closed to the person.
    needs_decision = models.BooleanField("må avgjøres av andre")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "person"), name="assessment_declared_once"),
            models.CheckConstraint(condition=Q(has_tie=False) | ~Q(ground=""), name="assessment_tie_has_ground"),
            models.CheckConstraint(
                condition=Q(has_tie=False) | Q(needs_decision=True), name="assessment_tie_is_decided"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"


class Recusal(models.Model):
    """What was decided about a person's habilitet for one application; an inhabil person is shut out of it.

    Decided by the secretariat before the meeting, or by the body in it (then ``body`` is set).
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    is_recused = models.BooleanField("inhabil")
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    reason = models.TextField("begrunnelse")
    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "person"), name="assessment_recused_once"),
            models.CheckConstraint(condition=Q(is_recused=False) | ~Q(ground=""), name="assessment_recusal_has_ground"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"
