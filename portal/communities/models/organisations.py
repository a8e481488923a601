"""Helsefellesskap and organisations, and who goes on with what one that has ended had."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.no import orgnr as stdnum_orgnr

from portal.communities.standing import Standing


def validate_orgnr(value: str) -> None:
    """Nine digits with the right control digit (Brønnøysund's modulus 11)."""
    if not stdnum_orgnr.is_valid(value) or not value.isdigit():
        raise ValidationError(_("Organisasjonsnummeret må ha ni sifre og gyldig kontrollsiffer."))


class Ending(models.Model):
    """An organisation or a body: it may end, and the row stays. A ``GoesOn`` says who goes on with what it had."""

    last_day = models.DateField(_("siste dag"), null=True, blank=True)

    class Meta:
        abstract = True

    def has_ended(self, day: date) -> bool:
        """Whether its last day was before the day."""
        return self.last_day is not None and self.last_day < day


class GoesOn(models.Model):
    """From the day, the successor goes on with what the predecessor had.

    The direct rows are what somebody registered. The others follow from them (``portal.communities.chains``), and are
    written out so that a read asks for one step only.
    """

    from_date = models.DateField(_("fra og med"))
    # As in Affiliation: who was out of a case by then gets nothing of that case by the succession.
    given_at = models.DateTimeField(editable=False)
    is_direct = models.BooleanField(editable=False, default=True, db_default=True)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"  # type: ignore[attr-defined]


class OrganisationKind(models.TextChoices):
    """The kind of organisation; the two sides are municipality and hospital trust."""

    MUNICIPALITY = "municipality", _("Kommune")
    HOSPITAL_TRUST = "hospital_trust", _("Helseforetak")
    REGIONAL_AUTHORITY = "regional_authority", _("Regionalt helseforetak")
    USER_ORGANISATION = "user_organisation", _("Bruker- og pårørendeorganisasjon")
    GP_PRACTICE = "gp_practice", _("Fastlegekontor")
    OTHER = "other", _("Annen")


class HealthCommunityQuerySet(models.QuerySet["HealthCommunity"]):
    """The helsefellesskap that a person serves."""

    def visible_to(self, standing: Standing) -> "HealthCommunityQuerySet":
        """The helsefellesskap whose secretariat the person is in."""
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
    """The organisations that a person administers or may see."""

    def administered_by(self, standing: Standing) -> "OrganisationQuerySet":
        """The organisations and regional authorities that the person's secretariat serves."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(pk__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: Standing) -> "OrganisationQuerySet":
        """The organisations that the secretariat administers, and those that the person belongs to."""
        administered = self.model.objects.administered_by(standing).values("pk")
        return self.filter(Q(pk__in=administered) | Q(pk__in=standing.organisation_ids))

    def current(self, day: date) -> "OrganisationQuerySet":
        """The organisations that exist on the day; the last day counts."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=day))

    def with_community(self) -> "OrganisationQuerySet":
        """With the helsefellesskap of each, in the same query."""
        return self.select_related("community")


class Organisation(Ending):
    """A legal entity or practice that can be a partner, payee or lead, or have a seat on a body."""

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
        """The code of a regional authority in the log: its organisation number."""
        return self.orgnr or ""

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap that it belongs to; for a regional authority itself."""
        return self.community or self

    @property
    def post_address(self) -> str:
        """The organisation's own e-mail; where it has none, that of its helsefellesskap. May be empty."""
        return self.email or (self.community.post_address if self.community else "")

    @property
    def is_legal_entity(self) -> bool:
        """Whether it can be lead and receive money."""
        return bool(self.orgnr)


class Succession(GoesOn):
    """An organisation goes on with what one that ended had: its applications, projects and mail."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="continued_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="continues")

    class Meta(GoesOn.Meta):
        constraints = (
            models.UniqueConstraint(fields=("predecessor", "successor"), name="communities_one_succession"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="communities_successor_is_another"),
        )
