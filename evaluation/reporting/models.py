"""A report of a helsefellesskap or a region for a period, and the texts of its chapters."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.models import HealthCommunity, Organisation
from portal.communities.standing import Standing
from portal.documents.models import Documented, DocumentedManager


class ReportKind(models.TextChoices):
    """What the report is for (R141)."""

    NOVEMBER = "november", _("Status til oppfølgingsmøtet i november")
    ANNUAL = "annual", _("Årlig melding")


class ReportState(models.TextChoices):
    """How far the report has come."""

    WRITING = "report_writing", _("Skrives")
    SENT = "report_sent", _("Godkjent og sendt")


class PeriodReportQuerySet(models.QuerySet["PeriodReport"]):
    """Who sees which reports."""

    def written_by(self, standing: Standing) -> "PeriodReportQuerySet":
        """Those of the helsefellesskap or the region whose secretariat the person is in."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(region__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: Standing) -> "PeriodReportQuerySet":
        """Those above; once sent, also for who sits in a body of the sender, and for the region it went to."""
        written = self.model.objects.written_by(standing).order_by().values("pk")
        seats = Q(community__in=standing.seat_community_ids) | Q(region__in=standing.seat_region_ids)
        received = Q(community__region__in=standing.secretariat_region_ids)
        return self.filter(Q(pk__in=written) | Q(seats | received, approved_at__isnull=False))

    def with_names(self) -> "PeriodReportQuerySet":
        """With what a line about one names, in the same query."""
        return self.select_related("community__region", "region", "approved_by", "document")


class PeriodReport(Documented):
    """A report from a helsefellesskap to its region, or from a region to the ministry.

    ``first_day``, ``last_day`` and ``due_date`` are local dates; the period has both days. It is written until
    somebody approves it; then it is frozen and sent. Opened again, it keeps its document until it is approved anew.
    """

    community = models.ForeignKey(HealthCommunity, on_delete=models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("rapport"), max_length=12, choices=ReportKind)
    first_day = models.DateField(_("fra og med"))
    last_day = models.DateField(_("til og med"))
    due_date = models.DateField(_("frist"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")

    objects: Any = DocumentedManager.from_queryset(PeriodReportQuerySet)()

    if TYPE_CHECKING:
        community_id: int | None
        region_id: int | None

    class Meta:
        ordering = ("-last_day", "kind", "pk")
        verbose_name = _("rapport")
        constraints = (
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="reporting_period_goes_forward"),
            models.CheckConstraint(
                condition=Q(community=None, region__isnull=False) | Q(community__isnull=False, region=None),
                name="reporting_from_one",
            ),
            models.UniqueConstraint(fields=("community", "kind", "last_day"), name="reporting_one_of_community"),
            models.UniqueConstraint(fields=("region", "kind", "last_day"), name="reporting_one_of_region"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.last_day}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])

    @property
    def sender(self) -> HealthCommunity | Organisation:
        """Whose report it is."""
        sender = self.community or self.region
        if sender is None:
            raise ValueError("the database lets no row be without a sender")
        return sender

    @property
    def title(self) -> str:
        """«Status til oppfølgingsmøtet i november 2027», «Årlig melding 2027»."""
        return f"{self.get_kind_display()} {self.last_day.year}"

    @property
    def is_sent(self) -> bool:
        """Whether it is approved, and not opened again."""
        return self.approved_at is not None

    @property
    def status(self) -> str:
        """The state, as the status tag asks for it."""
        return ReportState.SENT if self.is_sent else ReportState.WRITING

    def get_status_display(self) -> str:
        """The label of the state."""
        return str(ReportState(self.status).label)


class ChapterText(models.Model):
    """The secretariat's own text in a chapter (Markdown); ``is_carried`` while it is still that of the last report."""

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="texts")
    chapter = models.CharField(max_length=20)
    text = models.TextField(_("vurdering"), blank=True)
    is_carried = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("report", "chapter"), name="reporting_one_text"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.chapter}"
