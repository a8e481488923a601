"""Organisations, and the helsefellesskap that they belong to."""

from django.core.exceptions import ValidationError
from django.db import models
from stdnum.no import orgnr as stdnum_orgnr


def validate_orgnr(value: str) -> None:
    """Nine digits with the right control digit (Brønnøysund's modulus 11)."""
    if not stdnum_orgnr.is_valid(value) or not value.isdigit():
        raise ValidationError("Organisasjonsnummeret må ha ni sifre og gyldig kontrollsiffer.")


class OrganisationKind(models.TextChoices):
    """What sort of organisation; the two sides are municipality and hospital trust."""

    MUNICIPALITY = "municipality", "Kommune"
    HOSPITAL_TRUST = "hospital_trust", "Helseforetak"
    REGIONAL_AUTHORITY = "regional_authority", "Regionalt helseforetak"
    USER_ORGANISATION = "user_organisation", "Bruker- og pårørendeorganisasjon"
    GP_PRACTICE = "gp_practice", "Fastlegekontor"
    OTHER = "other", "Annen"


class HealthCommunity(models.Model):
    """A helsefellesskap: a hospital trust and its municipalities. Every one is a tenant."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField("navn", max_length=120)
    region = models.ForeignKey(
        "Organisation", on_delete=models.PROTECT, related_name="communities_in_region", verbose_name="region"
    )
    post_address = models.EmailField("postmottak")
    copy_address = models.EmailField("kopi til", blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "helsefellesskap"

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A legal entity or practice that can be partner, payee, lead or side of a body."""

    kind = models.CharField("type", max_length=20, choices=OrganisationKind)
    name = models.CharField("navn", max_length=160)
    parallel_name = models.CharField("parallelt navn", max_length=160, blank=True)
    orgnr = models.CharField(
        "organisasjonsnummer", max_length=9, unique=True, null=True, blank=True, validators=[validate_orgnr]
    )
    kommunenr = models.CharField("kommunenummer", max_length=4, unique=True, null=True, blank=True)
    county = models.CharField("fylke", max_length=60, blank=True)
    community = models.ForeignKey(
        HealthCommunity, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    membership_is_inferred = models.BooleanField("tilhørigheten er ikke bekreftet", default=False)
    hospital_area = models.CharField("DPS-område", max_length=60, blank=True)
    sami_area = models.CharField("samisk forvaltningsområde", max_length=20, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "organisasjon"

    def __str__(self) -> str:
        return self.name

    @property
    def is_municipality(self) -> bool:
        """Whether it stands on the municipal side."""
        return self.kind == OrganisationKind.MUNICIPALITY

    @property
    def is_hospital_trust(self) -> bool:
        """Whether it stands on the hospital side."""
        return self.kind == OrganisationKind.HOSPITAL_TRUST

    @property
    def is_legal_entity(self) -> bool:
        """Whether it can be lead and receive money."""
        return bool(self.orgnr)
