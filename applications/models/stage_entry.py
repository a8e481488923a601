"""The stages that an application enters, and what the lists of a stage are filtered, sorted and counted by."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from applications.models.application import Application
from applications.workflow import GONE, OPEN_STAGE_STATES, StageState, Status
from portal.communities.standing import Standing

# The total of an application that nobody has given points.
UNSCORED = Decimal(-1)


class StageEntryQuerySet(models.QuerySet["StageEntry"]):
    """Stage entries, by who handles them and by whether the application has left the stage."""

    def copy_application(self) -> int:
        """Write what the entries carry of their applications (``StageEntry.OF_APPLICATION``); one query."""
        row = Application.objects.filter(pk=OuterRef("application")).order_by()
        return self.update(**{name: Subquery(row.values(name)[:1]) for name in StageEntry.OF_APPLICATION})

    def handled_by(self, standing: Standing) -> "StageEntryQuerySet":
        """Those whose receiving helsefellesskap or region is served by the person's secretariat."""
        handled = Q(community__in=standing.secretariat_community_ids)
        # Who serves no region is spared the joins.
        if standing.secretariat_region_ids:
            handled |= Q(community=None, stage__body__region__in=standing.secretariat_region_ids)
        return self.filter(handled)

    def open(self) -> "StageEntryQuerySet":
        """Those that the application has not left."""
        return self.filter(left_at=None)


class StageEntry(models.Model):
    """An application in one stage. ``community`` is the helsefellesskap that handles it there; null is the region.

    It carries what the lists of its stage filter, sort and count by. Only ``services.status`` writes these rows.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stage_entries")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=StageState)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # --- copies of the application's columns, written by ``copy_application``
    status = models.CharField(max_length=20, choices=Status, default="", db_default="", editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    requested_amount = models.PositiveBigIntegerField(null=True, editable=False)
    # --- copies of the result that the assessments of the stage give (``services.status.score``)
    # Without points it is UNSCORED, which comes last in an index and in a list on either database, as a null does not.
    total = models.DecimalField(max_digits=5, decimal_places=2, default=UNSCORED, db_default=UNSCORED, editable=False)
    must_discuss = models.BooleanField(default=False, db_default=False, editable=False)

    OF_APPLICATION = ("status", "submitted_at", "requested_amount")

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
        # Each holds the columns that its lists read, so that no row of the table is read to count or to sort.
        indexes = (
            models.Index(
                fields=("stage", "community", "state", "application", "status", "requested_amount"),
                name="applications_in_stage",
            ),
            models.Index(
                fields=("stage", "community", "-submitted_at", "application", "status"), name="applications_by_sending"
            ),
            models.Index(
                fields=(
                    *("stage", "community", "-total", "submitted_at", "application"),
                    *("state", "status", "requested_amount", "must_discuss"),
                ),
                name="applications_by_score",
            ),
            models.Index(fields=("stage", "community", "status", "application"), name="applications_by_status"),
            models.Index(
                fields=("application", "stage"), condition=Q(status__in=sorted(GONE)), name="applications_gone"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage_id} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether the application has not left the stage."""
        return self.left_at is None

    def is_handled_by(self, standing: Standing) -> bool:
        """Whether the person's secretariat serves the receiver. The entry must be read with its stage and body."""
        if self.community_id is not None:
            return self.community_id in standing.secretariat_community_ids
        return self.stage.body is not None and standing.is_secretariat_of(self.stage.body)
