"""The standard parts of an application: partners, contacts, benefits, budget and attachments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application


class PartnerRole(models.TextChoices):
    """What an organisation is in the application."""

    LEAD = "lead", "Ansvarlig søker"
    PARTNER = "partner", "Partner"
    SUPPORTER = "supporter", "Støtter søknaden"


class Partner(models.Model):
    """An organisation's part in the application. Leads and partners sign; supporters need not (R91)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "communities.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships"
    )
    # Only for supporters that are not in the register of organisations.
    other_name = models.CharField("navn", max_length=160, blank=True)
    role = models.CharField("rolle", max_length=10, choices=PartnerRole, default=PartnerRole.PARTNER)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "organisation"), name="applications_partner_once"),
            models.UniqueConstraint(
                fields=("application",), condition=Q(role=PartnerRole.LEAD), name="applications_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | (Q(role=PartnerRole.SUPPORTER) & ~Q(other_name="")),
                name="applications_partner_named",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The organisation's name, or the one written."""
        return self.organisation.name if self.organisation else self.other_name

    @property
    def must_sign(self) -> bool:
        """Whether the application waits for this partner's signature."""
        return self.role != PartnerRole.SUPPORTER


class Contact(models.Model):
    """A contact person of a partner (R69, R71); the same person may stand for several (R72)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField("navn", max_length=120)
    title = models.CharField("stilling", max_length=120, blank=True)
    email = models.EmailField("e-post")
    phone = models.CharField("telefon", max_length=20, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Benefit(models.Model):
    """One row of the benefit table, its eight columns in two bands (R113); measured against at the evaluation."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="benefits")
    position = models.PositiveSmallIntegerField(default=0)
    benefit = models.TextField("forventet nytte")
    benefit_kinds = models.JSONField("type nytte", default=list, blank=True)
    beneficiaries_text = models.TextField("hvem får nytte", blank=True)
    beneficiaries = models.JSONField("grupper som får nytte", default=list, blank=True)
    responsible = models.TextField("ansvarlig for gjennomføring", blank=True)
    measure = models.TextField("eventuell måling av nytte", blank=True)
    measurement = models.TextField("hvordan måle og rapportere", blank=True)
    preconditions = models.TextField("forutsetninger og aktuelle tiltak", blank=True)
    freed_resources = models.TextField("ved eventuell frigjøring av ressurser", blank=True)
    horizon = models.CharField("tidshorisont", max_length=40, blank=True)
    horizon_text = models.TextField("om tidshorisonten", blank=True)
    unit = models.CharField("enhet", max_length=60, blank=True)
    baseline = models.DecimalField("nå-verdi", max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("mål", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.benefit[:60]


class ContributionForm(models.TextChoices):
    """How a payer covers a cost."""

    CASH = "cash", "Penger"
    IN_KIND = "in_kind", "Egeninnsats"


class BudgetLine(models.Model):
    """A cost in one year: what kind, who pays, in cash or in kind. Whole kroner. No payer means the grant."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField(default=0)
    year = models.PositiveSmallIntegerField("år")
    cost_type = models.CharField("kostnadstype", max_length=40)
    description = models.CharField("hva pengene går til", max_length=200, blank=True)
    payer = models.ForeignKey(Partner, on_delete=models.CASCADE, null=True, blank=True, related_name="budget_lines")
    form = models.CharField("form", max_length=8, choices=ContributionForm, default=ContributionForm.CASH)
    amount = models.PositiveBigIntegerField("beløp (kr)")

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(payer__isnull=False) | Q(form=ContributionForm.CASH), name="applications_grant_is_cash"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.cost_type} {self.amount}"


class Attachment(models.Model):
    """A numbered attachment (R89)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField("nummer")
    kind = models.CharField("type vedlegg", max_length=40)
    title = models.CharField("tittel", max_length=160)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="applications_attachment_number"),
        )

    def __str__(self) -> str:
        return f"Vedlegg {self.number}: {self.title}"
