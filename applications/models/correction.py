"""What the secretariat gives one application: a request for correction, and a later deadline."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application


class CorrectionRequest(models.Model):
    """A mangelbrev: the sections that the applicants must correct, why, and by when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="correction_requests")
    sections = models.JSONField()
    reason = models.TextField("hva som må rettes")
    due_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("requested_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("application",), condition=Q(answered_at=None), name="applications_one_open_correction"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.requested_at:%Y-%m-%d}"


class Extension(models.Model):
    """A later deadline for one application, with the reason."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField("ny frist")
    reason = models.TextField("begrunnelse")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ("granted_at", "pk")

    def __str__(self) -> str:
        return f"{self.application_id} {self.until:%Y-%m-%d}"
