"""Recommendations, the priority list they make, the acts recorded on it, and the package it is forwarded in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.communities.models import Body
from rounds.outcomes import AWARD_CODES, proposed_choices


class Order(models.TextChoices):
    """What a list was first ordered by."""

    SCORE = "score", _("Satt opp etter poeng.")
    HOME = "home", _("Satt opp etter helsefellesskapenes egen rekkefølge, fordi ingen hadde gitt poeng her.")
    BEFORE = "prior", _("Satt opp i rekkefølgen fra trinnet før, fordi ingen hadde gitt poeng her.")
    SENT = "sent", _("Satt opp i den rekkefølgen søknadene ble sendt, fordi ingen hadde gitt poeng.")


class PriorityListQuerySet(models.QuerySet["PriorityList"]):
    """Lists by the body that meets on them."""

    def of_body(self, body: Body) -> "PriorityListQuerySet":
        """Those of the stages that name the body, or that are for bodies of its kind in its helsefellesskap."""
        of_kind = Q(stage__body=None, stage__body_kind=body.kind, community=body.community_id)
        return self.filter(Q(stage__body=body) | (of_kind if body.community_id else Q(pk=None)))


class PriorityList(models.Model):
    """The recommendations of one helsefellesskap (or the region) in one stage, ranked; frozen when locked.

    ``considerations`` is the judgement of the list as a whole: what the portfolio can carry (R49, R50).
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="priority_lists")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="priority_lists")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    first_order = models.CharField("satt opp etter", max_length=5, choices=Order, blank=True)
    considerations = models.TextField("vurdering av helheten", blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = PriorityListQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stage", "community"), name="assessment_one_list"),
            models.UniqueConstraint(
                fields=("stage",), condition=Q(community=None), name="assessment_one_regional_list"
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, sha256="") | (Q(frozen_at__isnull=False) & ~Q(sha256="")),
                name="assessment_frozen_has_hash",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.stage_id}"

    def is_for(self, body: Body) -> bool:
        """Whether the body meets on it; see ``PriorityListQuerySet.of_body``."""
        if self.stage.body_id:
            return self.stage.body_id == body.pk
        return body.community_id == self.community_id and body.kind == self.stage.body_kind

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer change."""
        return self.frozen_at is not None


class Task(models.TextChoices):
    """What a stage does with the applications as a whole (R16)."""

    APPROVE = "approve", _("Godkjenning")
    ASSESS = "assess", _("Vurdering")
    PRIORITISE = "prioritise", _("Prioritering")


class StageAct(models.Model):
    """A task of the stage recorded as done: by whom, when, and on what authority."""

    priority_list = models.ForeignKey(PriorityList, on_delete=models.PROTECT, related_name="acts")
    task = models.CharField("oppgave", max_length=12, choices=Task)
    note = models.TextField("hvem som har gjort det, og når", blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        ordering = ("done_at", "pk")
        constraints = (models.UniqueConstraint(fields=("priority_list", "task"), name="assessment_done_once"),)

    def __str__(self) -> str:
        return f"{self.priority_list_id} {self.task}"


class Recommendation(models.Model):
    """Rank, outcome, amount (kroner) and reason for one application in one stage.

    No outcome means that the secretariat has not come to it. ``order_reason`` says why it stands elsewhere than its
    score would put it.
    """

    priority_list = models.ForeignKey(PriorityList, on_delete=models.CASCADE, related_name="recommendations")
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="recommendations"
    )
    rank = models.PositiveIntegerField("prioritet", null=True)
    outcome = models.CharField("innstilling", max_length=16, choices=proposed_choices, blank=True)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    reason = models.TextField("begrunnelse", blank=True)
    conditions = models.TextField("vilkår", blank=True)
    order_reason = models.TextField("hvorfor plassen avviker fra poengene", blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("rank", "pk")
        constraints = (
            models.UniqueConstraint(fields=("priority_list", "application"), name="assessment_one_recommendation"),
            models.CheckConstraint(
                condition=Q(outcome__in=AWARD_CODES, amount__isnull=False)
                | (~Q(outcome__in=AWARD_CODES) & Q(amount__isnull=True)),
                name="assessment_amount_when_awarded",
            ),
        )
        indexes = (models.Index(fields=("priority_list", "rank"), name="assessment_board"),)

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
