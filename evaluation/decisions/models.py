"""The decision for each application, and the letters that tell it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Application, StageEntry
from applications.workflow import ENDED_WITHOUT_BODY
from portal.clock import local_date
from portal.communities.models import serves
from portal.communities.standing import Standing
from portal.documents.models import Documented, DocumentedManager
from rounds.outcomes import AWARD_CODES, decided_choices


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Who sees which decisions."""

    def in_force(self) -> "DecisionQuerySet":
        """Those that no later decision has replaced."""
        return self.filter(replaced_at=None)

    def handled_by(self, standing: Standing) -> "DecisionQuerySet":
        """Those whose deciding body the person's secretariat serves; without a body, those that ended in its stage."""
        ended = StageEntry.objects.handled_by(standing).filter(state__in=ENDED_WITHOUT_BODY).values("application")
        return self.filter(serves(standing) | Q(body=None, application__in=ended))

    def visible_to(self, standing: Standing) -> "DecisionQuerySet":
        """Those that the person handles, or has handled the application of, or has been told of by a sent letter."""
        written = Application.objects.written_by(standing).values("pk")
        handled = self.model.objects.handled_by(standing).values("pk")
        told = Q(letters__status=LetterStatus.SENT, application__in=written)
        entered = Q(application__in=Application.objects.handled_by(standing).values("pk"))
        return self.filter(Q(pk__in=handled) | entered | told).distinct()


class LetterStatus(models.TextChoices):
    """The status of a letter."""

    DRAFT = "draft", _("Utkast")
    APPROVED = "approved", _("Godkjent")
    SENT = "sent", _("Sendt")


class Decision(models.Model):
    """The outcome for one application with amount (kroner), years, reasons and conditions."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField("utfall", max_length=16, choices=decided_choices)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    amounts_by_year = models.JSONField("beløp per år", default=dict)
    reason = models.TextField("begrunnelse")
    conditions = models.TextField("vilkår", blank=True)
    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, null=True, related_name="+")
    resolution = models.ForeignKey("meetings.Resolution", on_delete=models.PROTECT, null=True, related_name="decisions")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_at", "-pk")
        verbose_name = "vedtak"
        constraints = (
            models.UniqueConstraint(
                fields=("application",), condition=Q(replaced_at=None), name="decisions_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=AWARD_CODES, amount__isnull=False)
                | (~Q(outcome__in=AWARD_CODES) & Q(amount__isnull=True)),
                name="decisions_amount_when_granted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"

    @property
    def adopted_on(self) -> date:
        """The local day the decision was made: that of the body's resolution, and without one when it was registered.

        A meeting that was opened again may have been held on several days.
        """
        return local_date(self.resolution.adopted_at if self.resolution else self.decided_at)

    @property
    def is_award(self) -> bool:
        """Whether money was granted."""
        return self.amount is not None


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters with what a person has done with them."""

    def with_look(self, standing: Standing) -> "LetterQuerySet":
        """With ``is_seen``: whether the person has looked at the letter as it is now."""
        looks = LetterLook.objects.filter(document=OuterRef("document"), person=standing.user_id)
        return self.annotate(is_seen=Exists(looks))


class Letter(Documented):
    """A letter as it is written now: a document, of which each draft is a new version until one is approved."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField("referanse", max_length=20, unique=True)
    kind = models.CharField("type", max_length=16, choices=decided_choices)
    language = models.CharField(max_length=5, default="nb")
    status = models.CharField(max_length=10, choices=LetterStatus, default=LetterStatus.DRAFT)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = DocumentedManager.from_queryset(LetterQuerySet)()

    class Meta:
        ordering = ("number",)
        verbose_name = "brev"
        constraints = (models.UniqueConstraint(fields=("decision",), name="decisions_one_letter"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("decisions:letter", args=[self.number])

    @property
    def written_by_id(self) -> int | None:
        """The id of whoever wrote it as it is now; None of letters from before this was kept."""
        return self.document.frozen_by_id

    @property
    def dated(self) -> date:
        """The local day that the letter bears: when it was written, and once it is sent, when it was sent."""
        return date.fromisoformat(self.snapshot["date"])

    @property
    def accept_by(self) -> date:
        """The last day to accept the award, as the letter says."""
        return date.fromisoformat(self.snapshot["acceptance_date"])


class LetterLook(models.Model):
    """That a person has opened the preview of a letter as it was in this document, and when first."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "person"), name="decisions_one_look"),)

    def __str__(self) -> str:
        return f"{self.document_id} {self.person_id}"


class LetterBatch(models.Model):
    """Letters that are packed in one ZIP, by one job for each letter. The progress is read from the letters."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="letter_batches")
    letters = models.ManyToManyField(Letter, related_name="batches")
    zip_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_batches")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"{self.round_id} {self.started_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("decisions:batch", args=[self.pk])
