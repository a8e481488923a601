"""What follows an award: acceptance, start of operation and the evaluation."""

from django.conf import settings
from django.db import models

from portal.communities.models import BodyKind
from portal.documents.models import Documented, DocumentedManager

# The bodies that everybody calls by their letters.
SHORT = {BodyKind.SSU: "SSU", BodyKind.FSU: "FSU", BodyKind.PM: "PM"}


class Acceptance(models.Model):
    """The recipient's acceptance of the terms, with payee, account and planned start (local date)."""

    decision = models.OneToOneField("decisions.Decision", on_delete=models.PROTECT, related_name="acceptance")
    account_number = models.CharField("kontonummer", max_length=11)
    planned_start_date = models.DateField("planlagt driftsstart")
    responsible_name = models.CharField("prosjektansvarlig", max_length=120)
    responsible_email = models.EmailField("e-post til prosjektansvarlig")
    # Of a part award: how project and budget are fitted to the amount.
    adjustment = models.TextField("tilpasning til beløpet", blank=True, default="")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    operation_started_date = models.DateField("faktisk driftsstart", null=True, blank=True)
    operation_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "aksept"

    def __str__(self) -> str:
        return f"{self.decision_id}"


class DeclinedAward(models.Model):
    """An award that the recipient has declined, with the reason; the money goes back to the frame."""

    decision = models.OneToOneField("decisions.Decision", on_delete=models.PROTECT, related_name="declined")
    reason = models.TextField("begrunnelse")
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField()

    class Meta:
        verbose_name = "takk nei til tilskudd"

    def __str__(self) -> str:
        return f"{self.decision_id}"


class EvaluationReport(Documented):
    """The evaluation that the body gets nine calendar months into operation (R140); frozen when it is sent."""

    acceptance = models.OneToOneField(Acceptance, on_delete=models.PROTECT, related_name="evaluation")
    due_date = models.DateField("frist")
    # The due date is counted from the planned start, because the actual start has not been told.
    is_provisional = models.BooleanField(default=True)
    # The round's evaluation form as they fill it in.
    response = models.OneToOneField("answering.Response", on_delete=models.PROTECT, related_name="evaluation")
    spent_amount = models.PositiveBigIntegerField("brukt av tilskuddet (kr)", null=True, blank=True)
    updated_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    # Empty again when the case is taken off the agenda, so that it can be put up anew.
    case = models.ForeignKey("meetings.Case", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = DocumentedManager()

    class Meta:
        verbose_name = "evaluering"

    def __str__(self) -> str:
        return f"{self.acceptance_id} {self.due_date}"

    @property
    def receiving_body(self) -> str:
        """What the body that gets the round's evaluations is called."""
        kind = BodyKind(self.acceptance.decision.application.round.spec.follow_up.report_to)
        return SHORT.get(kind) or str(kind.label)


class BenefitResult(models.Model):
    """A benefit row of the sent application, with what was measured against what was planned."""

    report = models.ForeignKey(EvaluationReport, on_delete=models.CASCADE, related_name="results")
    # The row's position in the submission's snapshot: the plan is read from what was frozen.
    position = models.PositiveSmallIntegerField()
    actual = models.DecimalField("målt", max_digits=14, decimal_places=2, null=True, blank=True)
    actual_text = models.TextField("hva ble oppnådd", blank=True)
    deviation = models.TextField("avvik og årsak", blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("report", "position"), name="followup_one_result"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.position}"
