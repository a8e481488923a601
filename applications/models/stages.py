"""The way of an application through the stages of its round: one row for each stage that it has entered."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from applications.models.application import Application
from applications.workflow import OPEN_STAGE_STATES, StageState
from portal.communities.standing import Standing


class StageEntryQuerySet(models.QuerySet["StageEntry"]):
    """Entries by who handles them, and by whether the application has left the stage."""

    def handled_by(self, standing: Standing) -> "StageEntryQuerySet":
        """Those whose receiver is served by the person's secretariat: a helsefellesskap, or a region."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids)
            | Q(community=None, stage__body__region__in=standing.secretariat_region_ids)
        )

    def open(self) -> "StageEntryQuerySet":
        """Those that the application has not left."""
        return self.filter(left_at=None)


class StageEntry(models.Model):
    """An application in one stage. ``community`` is the helsefellesskap that handles it there; null is the region.

    Only ``services.stages`` writes these rows.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stage_entries")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="entries")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=StageState)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = StageEntryQuerySet.as_manager()

    if TYPE_CHECKING:
        application_id: int
        stage_id: int
        community_id: int | None

    class Meta:
        ordering = ("entered_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "stage"), name="applications_stage_once"),
            models.UniqueConstraint(
                fields=("application",), condition=Q(left_at=None), name="applications_one_open_stage"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, state__in=sorted(OPEN_STAGE_STATES))
                | Q(left_at__isnull=False) & ~Q(state__in=sorted(OPEN_STAGE_STATES)),
                name="applications_left_stage_has_time",
            ),
        )
        indexes = (models.Index(fields=("stage", "community", "state"), name="applications_in_stage"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether the application has not left the stage."""
        return self.left_at is None

    def is_handled_by(self, standing: Standing) -> bool:
        """Whether the receiver is served by the person's secretariat; read the entry with its stage and body."""
        if self.community_id is not None:
            return self.community_id in standing.secretariat_community_ids
        return self.stage.body is not None and standing.is_secretariat_of(self.stage.body)
