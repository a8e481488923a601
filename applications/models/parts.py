"""The standard parts of an application: partners, contacts, benefits, budget and attachments."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from portal.cells import new_key
from portal.communities.models import OrganisationKind


class PartnerRole(models.TextChoices):
    """What an organisation is in the application."""

    LEAD = "lead", _("Ansvarlig søker")
    PARTNER = "partner", _("Partner")
    SUPPORTER = "supporter", _("Støtter søknaden")


class Partner(models.Model):
    """An organisation in an application. The lead and the partners sign; supporters do not (R91)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        "communities.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships"
    )
    # Only for supporters that are not in the register of organisations.
    other_name = models.CharField("navn", max_length=160, blank=True)
    role = models.CharField("rolle", max_length=10, choices=PartnerRole, default=PartnerRole.PARTNER)
    unit = models.CharField("enhet eller rolle i prosjektet", max_length=160, blank=True)
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
        indexes = (models.Index(fields=("organisation", "application", "role"), name="applications_of_organisation"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The organisation's name, or what was written for one outside the register."""
        return self.organisation.name if self.organisation else self.other_name

    @property
    def kind(self) -> str:
        """The kind of organisation; «other» for one outside the register."""
        return self.organisation.kind if self.organisation else OrganisationKind.OTHER

    @property
    def is_lead(self) -> bool:
        """Whether it is the organisation that applies and receives the money."""
        return self.role == PartnerRole.LEAD

    @property
    def says_no(self) -> bool:
        """Whether the partner has refused to sign the present text. No query after ``queries.dossier``."""
        read: bool | None = getattr(self, "has_refused", None)
        return self.refusals.filter(lifted_at=None).exists() if read is None else read

    @property
    def must_sign(self) -> bool:
        """Whether the application waits for this partner's signature."""
        return self.role != PartnerRole.SUPPORTER


class Contact(models.Model):
    """A contact person of a partner (R69, R71). The same person may be a contact of several partners (R72)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    key = models.CharField(max_length=36, default=new_key)
    name = models.CharField("navn", max_length=120)
    title = models.CharField("stilling", max_length=120, blank=True)
    email = models.EmailField("e-post")
    phone = models.CharField("telefon", max_length=20, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("partner", "key"), name="applications_contact_key"),)
        # Every page of the secretariat asks who is named as contact by an address.
        indexes = (models.Index(Lower("email"), name="applications_contact_by_email"),)

    def __str__(self) -> str:
        return self.name


class Benefit(models.Model):
    """One row of the benefit table: eight columns in two bands (R113). The evaluation measures against it.

    The second band may cover other rows, too (R118): ``covers`` holds their keys.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="benefits")
    key = models.CharField(max_length=36, default=new_key)
    position = models.PositiveSmallIntegerField(default=0)
    # Only in a round where every applicant has rows of its own (R86).
    applicant = models.ForeignKey(Partner, on_delete=models.SET_NULL, null=True, blank=True, related_name="benefits")
    benefit = models.TextField("forventet nytte", blank=True)
    benefit_kinds = models.JSONField("type nytte", default=list, blank=True)
    beneficiaries_text = models.TextField("hvem får nytte", blank=True)
    beneficiaries = models.JSONField("grupper som får nytte", default=list, blank=True)
    responsible = models.TextField("ansvarlig for gjennomføring", blank=True)
    measure = models.TextField("eventuell måling av nytte", blank=True)
    measure_kinds = models.JSONField("type måling", default=list, blank=True)
    covers = models.JSONField("gjelder også rad", default=list, blank=True)
    measurement = models.TextField("hvordan måle og rapportere", blank=True)
    preconditions = models.TextField("forutsetninger og aktuelle tiltak", blank=True)
    freed_resources = models.TextField("ved eventuell frigjøring av ressurser", blank=True)
    horizon = models.CharField("tidshorisont", max_length=40, blank=True)
    horizon_text = models.TextField("om tidshorisonten", blank=True)
    unit = models.CharField("enhet", max_length=60, blank=True)
    baseline = models.DecimalField("nå-verdi", max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("mål", max_digits=14, decimal_places=2, null=True, blank=True)
    # The drivers that it contributes to (R57), and gain or cost in words for each party (R120, R121).
    drivers = models.JSONField("drivere", default=list, blank=True)
    effects = models.JSONField("virkning for hver part", default=dict, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("application", "key"), name="applications_benefit_key"),)

    def __str__(self) -> str:
        return self.benefit[:60]


class Funding(models.TextChoices):
    """Who pays: the grant applied for, a partner, or somebody else (R93)."""

    GRANT = "grant", _("Tilskuddet")
    OWN = "own", _("Egeninnsats")
    OTHER = "other", _("Andre")


class ContributionForm(models.TextChoices):
    """How a payer covers a cost."""

    CASH = "cash", _("Penger")
    IN_KIND = "in_kind", _("Arbeidstid og annet")


class BudgetLine(models.Model):
    """A cost in one year: type, payer, in cash or in kind. Whole kroner; only own contribution has a ``payer``."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget_lines")
    key = models.CharField(max_length=36, default=new_key)
    position = models.PositiveSmallIntegerField(default=0)
    # A line of a draft may be half-filled; it must be whole before the application is sent.
    year = models.PositiveSmallIntegerField("år", null=True, blank=True)
    cost_type = models.CharField("kostnadstype", max_length=40, blank=True)
    description = models.CharField("hva pengene går til", max_length=200, blank=True)
    source = models.CharField("finansiering", max_length=8, choices=Funding, default="", blank=True)
    payer = models.ForeignKey(Partner, on_delete=models.CASCADE, null=True, blank=True, related_name="budget_lines")
    form = models.CharField("form", max_length=8, choices=ContributionForm, default=ContributionForm.CASH, blank=True)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(source=Funding.GRANT) | Q(form=ContributionForm.CASH), name="applications_grant_is_cash"
            ),
            models.CheckConstraint(
                condition=Q(source=Funding.OWN, payer__isnull=False)
                | Q(~Q(source=Funding.OWN), source__in=[*Funding.values, ""], payer__isnull=True),
                name="applications_own_has_payer",
            ),
            models.UniqueConstraint(fields=("application", "key"), name="applications_budget_key"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.cost_type} {self.amount}"

    @property
    def paid(self) -> list[Any]:
        """Who pays and how, as one cell: the source, the partner and the form."""
        return [self.source, self.payer_id, self.form] if self.source else []

    @paid.setter
    def paid(self, value: list[Any]) -> None:
        self.source, self.payer_id, self.form = value or ["", None, ContributionForm.CASH]

    @property
    def is_whole(self) -> bool:
        """Whether it counts in the sums: year, kind, payer, form and amount are given."""
        return bool(self.year and self.cost_type and self.source and self.form) and self.amount is not None


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
        return attachment_name(self.number, self.title, is_numbered=True)

    @property
    def display_name(self) -> str:
        """«Vedlegg 2: Budsjett», or the title alone in a round that does not number its attachments."""
        rules = self.application.round.spec.attachments
        return attachment_name(self.number, self.title, is_numbered=rules.numbered)


def attachment_name(number: int, title: str, *, is_numbered: bool) -> str:
    """What an attachment is called on pages and in documents (R89)."""
    return gettext("Vedlegg %(number)s: %(title)s") % {"number": number, "title": title} if is_numbered else title
