"""Admission, habilitet, scores, recommendations and the frozen priority list."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Admission(models.Model):
    """The completeness check of one application: the checklist as answered, and the outcome with its reason."""

    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="admission")
    checklist = models.JSONField(default=dict)
    admitted = models.BooleanField()
    reason = models.TextField("begrunnelse", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id}"


class Assignment(models.Model):
    """An application given to an assessor in a stage."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assignments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    due_date = models.DateField("frist")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        ordering = ("due_date", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_assigned_once"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"


class Ground(models.TextChoices):
    """Why a person may be inhabil (forvaltningsloven § 6)."""

    PARTY = "party", "Er selv part, eller i familie med en part"
    REPRESENTS = "represents", "Signerer for, eier eller leder prosjektet"
    CONTACT = "contact", "Er kontaktperson i søknaden"
    LEADS_UNIT = "leads_unit", "Leder enheten som får pengene"
    OWNER_BODY = "owner_body", "Sitter i FSU-et som eier prosjektet"
    OTHER = "other", "Andre særegne forhold"


class Declaration(models.Model):
    """What a person has stated about their own habilitet for one application."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    has_tie = models.BooleanField("har en tilknytning")
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    explanation = models.TextField("forklaring", blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "person"), name="assessment_declared_once"),
            models.CheckConstraint(condition=Q(has_tie=False) | ~Q(ground=""), name="assessment_tie_has_ground"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"


class Recusal(models.Model):
    """What was decided about a person's habilitet for one application; an inhabil person is shut out of it."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals")
    is_recused = models.BooleanField("inhabil")
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    reason = models.TextField("begrunnelse")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "person"), name="assessment_recused_once"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id}"


class Assessment(models.Model):
    """One assessor's judgement of one application in one stage; ``total`` is frozen when it is delivered."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assessments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    submission = models.ForeignKey("applications.Submission", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField("samlet vurdering", blank=True)
    total = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    updated_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_one_each"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"


class Score(models.Model):
    """The points for one criterion with the reason; no points means that the assessor abstained."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("rounds.Criterion", on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("poeng", max_digits=5, decimal_places=2, null=True, blank=True)
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
    """The delivered assessments of one application in one stage, summed up.

    Rebuilt whole from the assessments, in the transaction that delivers one; a page of the ranking reads
    only these rows.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="results")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, related_name="+")
    delivered = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    spread = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    meets_thresholds = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "stage"), name="assessment_one_result"),)
        indexes = (models.Index(fields=("stage", "community", "-total"), name="assessment_ranking"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.total}"


class Outcome(models.TextChoices):
    """What is recommended, and later decided, for an application."""

    GRANTED = "granted", "Innvilges"
    PARTLY_GRANTED = "partly_granted", "Innvilges delvis"
    REJECTED = "rejected", "Avslås"
    POSTPONED = "postponed", "Utsettes"
    NOT_PRIORITISED = "not_prioritised", "Prioriteres ikke"


class PriorityList(models.Model):
    """The recommendations of one helsefellesskap (or the region) in one stage, ranked; frozen when locked."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="priority_lists")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stage", "community"), name="assessment_one_list"),
            models.UniqueConstraint(
                fields=("stage",), condition=Q(community=None), name="assessment_one_regional_list"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.stage_id}"

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer change."""
        return self.frozen_at is not None


class Recommendation(models.Model):
    """Rank, outcome, amount (kroner) and reason for one application in one stage."""

    priority_list = models.ForeignKey(PriorityList, on_delete=models.CASCADE, related_name="recommendations")
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="recommendations"
    )
    rank = models.PositiveIntegerField("prioritet", null=True)
    outcome = models.CharField("innstilling", max_length=16, choices=Outcome)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    reason = models.TextField("begrunnelse", blank=True)
    conditions = models.TextField("vilkår", blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("rank", "pk")
        constraints = (
            models.UniqueConstraint(fields=("priority_list", "application"), name="assessment_one_recommendation"),
        )

    def __str__(self) -> str:
        return f"{self.rank} {self.application_id}"


class Forwarding(models.Model):
    """The frozen package that a helsefellesskap sends to the next stage: list, reasons, dossiers, statements."""

    priority_list = models.OneToOneField(PriorityList, on_delete=models.PROTECT, related_name="forwarding")
    to_body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    pdf = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    forwarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    forwarded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.priority_list_id}"
