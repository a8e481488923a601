"""The plan of a helsefellesskap as rows that are written on, its versions, and what was told of its measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.actions.models import Owned, one_owner
from portal.communities.models import HealthCommunity
from portal.communities.standing import Standing
from portal.documents.models import Documented, DocumentedManager


class MeasureState(models.TextChoices):
    """How far a measure has come, as the last that was told of it says."""

    NOT_BEGUN = "not_begun", _("Ikke startet")
    ON_TRACK = "on_track", _("I rute")
    BEHIND = "behind", _("Forsinket")
    ACHIEVED = "achieved", _("Ferdig")
    FALLEN = "fallen", _("Falt bort")


# In these states nobody waits for news of a measure.
SETTLED = frozenset({MeasureState.ACHIEVED, MeasureState.FALLEN})


class PlanQuerySet(models.QuerySet["Plan"]):
    """Who sees which plans. Everybody sees a plan that has a version."""

    def visible_to(self, standing: Standing) -> "PlanQuerySet":
        """Those with a version; of those without, the plans of the helsefellesskap that one serves or sits in."""
        communities = {*standing.secretariat_community_ids, *standing.seat_community_ids}
        return self.filter(Q(versions__isnull=False) | Q(community__in=communities)).distinct()


class Plan(models.Model):
    """A handlingsplan: the text as it is written on now. What is public is the latest of its ``versions``.

    ``first_day`` and ``last_day`` are local dates, both within the plan. ``declaration`` is the resolution of the
    partnership meeting that it carries out (R29). The long texts are Markdown.
    """

    code = models.SlugField(max_length=60, unique=True)
    community = models.ForeignKey(HealthCommunity, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(_("tittel"), max_length=200)
    first_day = models.DateField(_("gjelder fra"))
    last_day = models.DateField(_("gjelder til"))
    vision = models.TextField(_("visjon"), blank=True)
    introduction = models.TextField(_("innledning"), blank=True)
    about_areas = models.TextField(_("om innsatsområdene"), blank=True)
    ahead = models.TextField(_("veien videre"), blank=True)
    # Each with what it means, in the order of the document: [["SSU", "Strategisk samarbeidsutvalg"], …].
    abbreviations = models.JSONField(_("forkortelser"), default=list, blank=True)
    # The document that the plan was first written from; empty for one that was written here.
    source = models.CharField(_("hentet fra"), max_length=200, blank=True)
    # The list of a round file that has the measures: applicants tick those that they follow up.
    taxonomy = models.CharField(max_length=60, blank=True)
    declaration = models.ForeignKey("meetings.Resolution", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-first_day", "code")
        verbose_name = _("handlingsplan")
        constraints = (
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="plans_period_goes_forward"),
        )

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.code])


class Area(models.Model):
    """An innsatsområde of a plan, and what it means (Markdown)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="areas")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("innsatsområde"), max_length=200)
    meaning = models.TextField(_("dette betyr"), blank=True)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("innsatsområde")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.position}"


class Aim(models.Model):
    """What an area is to achieve: «Hva vil vi?»."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aims")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("hva vil vi?"), max_length=200)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("mål")

    def __str__(self) -> str:
        return f"{self.area_id} {self.position}"


class MeasureQuerySet(models.QuerySet["Measure"]):
    """The measures of a person."""

    def owned_by(self, standing: Standing) -> "MeasureQuerySet":
        """The measures that the person has the responsibility for, alone or with others.

        Who has no place at all has left, or has not signed in.
        """
        has_place = standing.organisation_ids or standing.body_ids
        alone = Q(owner_person=standing.user_id) if has_place else Q(pk__in=())
        owners = MeasureOwner.objects.filter(
            alone | Q(owner_organisation__in=standing.organisation_ids) | Q(owner_body__in=standing.chaired_body_ids)
        )
        return self.filter(pk__in=owners.order_by().values("measure"))


class Measure(models.Model):
    """A tiltak: «Hvordan få det til?».

    ``letter`` is what the plan calls it, and is not its order: letters begin again within an area (R63).
    ``responsible`` is the plan's own words for its owners. ``state`` is that of the last that was told.
    """

    aim = models.ForeignKey(Aim, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    # Its code in the plan's taxonomy; empty for one that no round asks about.
    code = models.CharField(max_length=60, blank=True)
    letter = models.CharField(_("bokstav"), max_length=3, blank=True)
    text = models.TextField(_("hvordan få det til?"))
    responsible = models.CharField(_("ansvarlig, slik planen skriver det"), max_length=200, blank=True)
    # The year in which it is to be done; None for the whole period.
    year = models.PositiveSmallIntegerField(_("år"), null=True)
    state = models.CharField(max_length=12, choices=MeasureState, default=MeasureState.NOT_BEGUN)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("tiltak")

    def __str__(self) -> str:
        return f"{self.aim_id} {self.letter}"

    def get_absolute_url(self) -> str:
        return reverse("plans:measure", args=[self.aim.area.plan.code, self.pk])

    @property
    def responsible_in_words(self) -> str:
        """The plan's own words for those who have the responsibility; without any, the names of its owners."""
        return self.responsible or ", ".join(str(owner.owner) for owner in self.owners.all())

    @property
    def status(self) -> str:
        """The state, as the status tag asks for it."""
        return self.state

    def get_status_display(self) -> str:
        """The label of the state."""
        return str(MeasureState(self.state).label)


@dataclass(frozen=True, slots=True)
class PartKind:
    """A part of a plan: its model, the field of its parent, the way from it to the plan, and what is written in it."""

    model: Any
    parent: str
    to_plan: str
    texts: tuple[str, ...]


PARTS: Mapping[str, PartKind] = {
    "area": PartKind(Area, "plan", "plan", ("title", "meaning")),
    "aim": PartKind(Aim, "area", "area__plan", ("title",)),
    "measure": PartKind(Measure, "aim", "aim__area__plan", ("letter", "text", "responsible", "year", "owners")),
}


class MeasureOwner(Owned):
    """One of those who have the responsibility for a measure (R139)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="owners")

    class Meta:
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=one_owner(), name="plans_one_owner"),)

    def __str__(self) -> str:
        return f"{self.measure_id} {self.owner_kind}"


class MeasureNews(models.Model):
    """What was told of a measure: how far it has come, a sentence, and who told it when. The plan's page shows it."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="news")
    state = models.CharField(max_length=12, choices=MeasureState)
    sentence = models.TextField(_("hva er gjort"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.measure_id} {self.told_at:%Y-%m-%d %H:%M}"


class PlanVersion(Documented):
    """The plan as it was adopted: frozen, with the resolution. None for a document that came without one."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    resolution = models.ForeignKey("meetings.Resolution", on_delete=models.PROTECT, null=True, related_name="+")

    objects: Any = DocumentedManager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("versjon")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.document_id}"


class StatusReport(Documented):
    """How far a plan had come when it was put up as a case: frozen, and the case's attachment."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="status_reports")
    case = models.OneToOneField("meetings.Case", on_delete=models.CASCADE, related_name="plan_status")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")

    objects: Any = DocumentedManager()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.case_id}"
