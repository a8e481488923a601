"""Organisations, and the helsefellesskap that they belong to."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.no import orgnr as stdnum_orgnr

if TYPE_CHECKING:
    from portal.communities.standing import Standing


def validate_orgnr(value: str) -> None:
    """Nine digits with the right control digit (Brønnøysund's modulus 11)."""
    if not stdnum_orgnr.is_valid(value) or not value.isdigit():
        raise ValidationError(_("Organisasjonsnummeret må ha ni sifre og gyldig kontrollsiffer."))


class OrganisationKind(models.TextChoices):
    """What sort of organisation; the two sides are municipality and hospital trust."""

    MUNICIPALITY = "municipality", _("Kommune")
    HOSPITAL_TRUST = "hospital_trust", _("Helseforetak")
    REGIONAL_AUTHORITY = "regional_authority", _("Regionalt helseforetak")
    USER_ORGANISATION = "user_organisation", _("Bruker- og pårørendeorganisasjon")
    GP_PRACTICE = "gp_practice", _("Fastlegekontor")
    OTHER = "other", _("Annen")


class HealthCommunityQuerySet(models.QuerySet["HealthCommunity"]):
    """Which helsefellesskap a person serves."""

    def visible_to(self, standing: "Standing") -> "HealthCommunityQuerySet":
        """Those whose secretariat the person is in."""
        return self.filter(pk__in=standing.secretariat_community_ids)


class HealthCommunity(models.Model):
    """A helsefellesskap: a hospital trust and its municipalities. Every one is a tenant."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("navn"), max_length=120)
    region = models.ForeignKey(
        "Organisation", on_delete=models.PROTECT, related_name="communities_in_region", verbose_name=_("region")
    )
    post_receiver = models.CharField(_("postmottak, ved"), max_length=120, blank=True)
    post_address = models.EmailField(_("e-post til postmottak"))
    copy_receiver = models.CharField(_("kopi til"), max_length=120, blank=True)
    copy_address = models.EmailField(_("e-post for kopi"), blank=True)

    objects = HealthCommunityQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("helsefellesskap")

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Which organisations a person may look up."""

    def administered_by(self, standing: "Standing") -> "OrganisationQuerySet":
        """Those of the secretariat's own helsefellesskap, or the regional authority that it serves."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(pk__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: "Standing") -> "OrganisationQuerySet":
        """Those that the secretariat administers, and those that the person belongs to."""
        administered = self.model.objects.administered_by(standing).values("pk")
        return self.filter(Q(pk__in=administered) | Q(pk__in=standing.organisation_ids))


class Organisation(models.Model):
    """A legal entity or practice that can be partner, payee, lead or side of a body."""

    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("navn"), max_length=160)
    parallel_name = models.CharField(_("parallelt navn"), max_length=160, blank=True)
    orgnr = models.CharField(
        _("organisasjonsnummer"), max_length=9, unique=True, null=True, blank=True, validators=[validate_orgnr]
    )
    email = models.EmailField(_("postmottak"), blank=True)
    kommunenr = models.CharField(_("kommunenummer"), max_length=4, unique=True, null=True, blank=True)
    county = models.CharField(_("fylke"), max_length=60, blank=True)
    community = models.ForeignKey(
        HealthCommunity, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    membership_is_inferred = models.BooleanField(_("tilhørigheten er ikke bekreftet"), default=False)
    hospital_area = models.CharField(_("DPS-område eller helseregion"), max_length=60, blank=True)
    sami_area = models.CharField(_("samisk forvaltningsområde"), max_length=20, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisasjon")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:organisation", args=[self.pk])

    @property
    def code(self) -> str:
        """How the log names a regional authority as the owner of an act."""
        return self.orgnr or ""

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap that it belongs to; a regional authority is its own."""
        return self.community or self

    @property
    def is_legal_entity(self) -> bool:
        """Whether it can be lead and receive money."""
        return bool(self.orgnr)
