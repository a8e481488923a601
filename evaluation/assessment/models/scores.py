"""Assessments with their scores, and the projection that the ranking reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Assessment(models.Model):
    """One assessor's judgement of one version of an application in one stage.

    ``total`` (0–100) is frozen when it is delivered.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assessments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    submission = models.ForeignKey("applications.Submission", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField("samlet vurdering", blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    updated_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_one_each"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"


class Score(models.Model):
    """The points for one criterion with the reason.

    A judgement without points (R49) has a reason only. Of a scored criterion no points means that the assessor
    abstained, or has not come to it yet.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("rounds.Criterion", on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("poeng", max_digits=7, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField("avstår", default=False)
    reason = models.TextField("begrunnelse", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "criterion"), name="assessment_one_score"),
            models.CheckConstraint(
                condition=Q(abstained=False) | Q(points__isnull=True), name="assessment_abstained_has_no_points"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion_id}"


class Result(models.Model):
    """The delivered assessments of one application in one stage, summed up by ``scoring.outcome``.

    Rebuilt whole from the assessments, in the transaction that delivers one; lists and the ranking read only these
    rows. ``community`` is that of the application, so that one helsefellesskap's order is one index.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="results")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, related_name="+")
    delivered = models.PositiveSmallIntegerField()
    total = models.DecimalField("snitt", max_digits=5, decimal_places=2, null=True)
    median = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    spread = models.DecimalField("spredning", max_digits=5, decimal_places=2, null=True)
    must_discuss = models.BooleanField("må drøftes", default=False)
    meets_thresholds = models.BooleanField("over tersklene", default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "stage"), name="assessment_one_result"),)
        indexes = (models.Index(fields=("stage", "community", "-total"), name="assessment_ranking"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.total}"
