"""What the applicants have bound themselves to and sent, frozen."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.parts import Partner


class SignatureMethod(models.TextChoices):
    """How the signature was given."""

    PORTAL = "portal", _("I portalen")
    UPLOADED = "uploaded", _("Opplastet avtale")


class Signature(models.Model):
    """An authorised person's signature for a partner on the exact text (SHA-256), void when the text changes."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="signatures")
    method = models.CharField(max_length=10, choices=SignatureMethod, default=SignatureMethod.PORTAL)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signatory_name = models.CharField("navn", max_length=120)
    signatory_title = models.CharField("stilling", max_length=120)
    agreement_date = models.DateField("dato for signert avtale")
    signed_at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64)
    document = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("signed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(voided_at=None), name="applications_one_valid_signature"
            ),
        )

    def __str__(self) -> str:
        return f"{self.signatory_name}, {self.partner_id}"


class SignatureRefusal(models.Model):
    """A partner's no to the text as it stands, with the reason that all partners see; lifted when the text changes."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="refusals")
    reason = models.TextField("begrunnelse")
    text_sha256 = models.CharField(max_length=64)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("refused_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(lifted_at=None), name="applications_one_standing_refusal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner_id} {self.refused_at:%Y-%m-%d}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Sent versions, of which the newest counts."""

    def newest(self) -> "Submission | None":
        """The version that was sent last; None when nothing has been sent."""
        return self.order_by("-version").first()

    def current(self) -> "Submission":
        """The same of what is known to be sent; raises DoesNotExist."""
        return self.latest("version")

    def newest_of_each(self) -> "SubmissionQuerySet":
        """The version that was sent last, of each application."""
        later = Submission.objects.filter(application=models.OuterRef("application")).order_by("-version")
        return self.filter(pk=models.Subquery(later.values("pk")[:1]))


class Submission(models.Model):
    """The frozen version that was sent: its JSON, hash and PDF."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    pdf = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("version",)
        constraints = (
            models.UniqueConstraint(fields=("application", "version"), name="applications_submission_version"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} v{self.version}"


class CorrectionRequest(models.Model):
    """A mangelbrev: named sections reopened, with reason and date."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="correction_requests")
    sections = models.JSONField()
    reason = models.TextField("hva som må rettes")
    due_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("requested_at",)
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
        ordering = ("granted_at",)

    def __str__(self) -> str:
        return f"{self.application_id} {self.until:%Y-%m-%d}"
