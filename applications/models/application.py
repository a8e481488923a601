"""The application."""

import secrets
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from applications.questions import out_of_case
from applications.workflow import EDITABLE, KNOWN_BEFORE, Status, known
from portal.communities.models import Affiliation, Seat, Standing
from portal.documents.models import Documented, DocumentedManager
from rounds.answering.models import Answer, Response

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from portal.communities.models import HealthCommunity, Organisation
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.workflow import OPEN_STAGE_STATES, StageState

# No vowels and no look-alikes: read aloud in meetings, and never a word.
ALPHABET = "23456789BCDFGHJKMNPQRTVWXZ"


def new_code() -> str:
    """A public code that tells nothing and cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def _parts_of(standing: Standing) -> Any:
    """The parts of the person's organisations, in any application; that with most to say first."""
    partners = Application.partners.rel.related_model.objects  # type: ignore[attr-defined]
    # In the alphabet as in the process: lead, partner, supporter.
    return partners.filter(organisation__in=standing.organisation_ids).order_by("role")


def _stands_in(standing: Standing) -> Q:
    """The applications in which the person, or whom the person stands for, has a part."""
    parts = _parts_of(standing).order_by().values("application")
    return Q(owner_body__in=standing.body_ids) | Q(pk__in=parts)


def known_status() -> Case:
    """``Application.known_status`` as an expression on the row."""
    untold = [
        When(announced_at=None, status=real, then=Coalesce(NullIf("known_before", Value("")), Value(str(before))))
        for real, before in KNOWN_BEFORE.items()
    ]
    return Case(*untold, default=F("status"))


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Who sees which applications, as far as this room knows."""

    def written_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Those that the person's organisations or FSUs stand in today, as supporters too.

        Who began it has no more right than that, and none after leaving.
        """
        return self.filter(_stands_in(standing))

    def with_reader(self, standing: Standing) -> "ApplicationQuerySet":
        """With the answers to ``is_written_by`` and ``is_edited_by`` for this person, in the same query."""
        role = _parts_of(standing).filter(application=OuterRef("pk")).values("role")[:1]
        return self.annotate(_reader=Value(standing.user_id), _reader_role=Subquery(role))

    def with_beginner(self, day: "date") -> "ApplicationQuerySet":
        """With ``beginner_writes``: whether who began it still writes it on the day, by the rule of ``written_by``."""
        partners = Application.partners.rel.related_model.objects  # type: ignore[attr-defined]
        organisations = partners.filter(application=OuterRef(OuterRef("pk"))).values("organisation")
        begun = {"user": OuterRef("created_by")}
        works = Affiliation.objects.current(day).filter(**begun, organisation__in=organisations)
        sits = Seat.objects.current(day).filter(**begun, body=OuterRef("owner_body"))
        return self.annotate(beginner_writes=Q(Exists(works)) | Q(Exists(sits)))

    def with_bar(self, standing: Standing) -> "ApplicationQuerySet":
        """With the answer to ``is_closed_to`` for this person, in the same query."""
        return self.annotate(_reader_barred=out_of_case(standing.user_id))

    def closed_to(self, user_id: int | None) -> "ApplicationQuerySet":
        """Those in which the person is inhabil, or waits for a word on it."""
        return self.filter(out_of_case(user_id))

    def handled_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Those that have come to the person's secretariat, in whatever stage, whether they have left it or not."""
        entries = Application.stage_entries.rel.related_model.objects  # type: ignore[attr-defined]
        return self.filter(pk__in=entries.handled_by(standing).values("application"))

    def awaited_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Drafts that the person's secretariat will receive when they are sent."""
        at_home = Q(round__stages__body=None, community__in=standing.secretariat_community_ids)
        named = Q(round__stages__body__community__in=standing.secretariat_community_ids)
        regional = Q(round__stages__body__region__in=standing.secretariat_region_ids)
        return self.filter(at_home | named | regional, round__stages__position=0, status=Status.DRAFT)

    def visible_to(self, standing: Standing) -> "ApplicationQuerySet":
        """Written or handled by the person; assessors and members come in through their own rooms."""
        written = self.model.objects.written_by(standing).values("pk")
        handled = self.model.objects.handled_by(standing).values("pk")
        return self.filter(Q(pk__in=written) | Q(pk__in=handled))


class Application(models.Model):
    """One joint application to one helsefellesskap in one round."""

    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="applications")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, related_name="applications")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    title = models.CharField("navn på prosjekt/pilot", max_length=200)
    owner_body = models.ForeignKey(
        "communities.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    language = models.CharField(max_length=5, default="nb")
    requested_amount = models.PositiveBigIntegerField("søknadsbeløp (kr)", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    extended_until = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # When the applicants were told of the outcome that stands; see ``known_status``.
    announced_at = models.DateTimeField(null=True)
    # What they knew before an outcome that they have not been told; empty when they know all.
    known_before = models.CharField(max_length=20, choices=Status, blank=True)
    # When those who write asked the partners to sign; only then does it stand on their front pages.
    signing_asked_at = models.DateTimeField(null=True)
    receipt = models.CharField("kvitteringsnummer", max_length=20, blank=True)

    # The round's form as they fill it in.
    response = models.OneToOneField("answering.Response", on_delete=models.PROTECT, related_name="application")

    objects = ApplicationQuerySet.as_manager()
    # How many signatures the changes made through this object have voided: the person who wrote must be told.
    voided_signatures = 0

    class Meta:
        ordering = ("-updated_at",)
        verbose_name = "søknad"
        constraints = (
            models.CheckConstraint(condition=Q(status__in=Status.values), name="applications_known_status"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, submitted_at__isnull=True)
                | Q(status=Status.WITHDRAWN)
                | (~Q(status=Status.DRAFT) & Q(submitted_at__isnull=False)),
                name="applications_sent_or_draft",
            ),
        )
        indexes = (models.Index(fields=("round", "community", "status", "-submitted_at"), name="applications_list"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("applications:detail", args=[self.code])

    @property
    def answers(self) -> "RelatedManager[Answer]":
        """The answers to the round's form; no query is needed to come to them."""
        return Response(pk=self.response_id).answers

    @property
    def is_editable(self) -> bool:
        """Whether its status, as they know it, lets the applicants write."""
        return self.known_status in EDITABLE

    @property
    def known_status(self) -> Status:
        """The status that its applicants know: what was decided only once they have been told."""
        return known(self.status, is_announced=self.announced_at is not None, before=self.known_before)

    def status_for(self, standing: Standing) -> Status:
        """The real status for a secretariat that handles it, the known one for everybody else."""
        return Status(self.status) if self.is_handled_by(standing) else self.known_status

    def is_handled_by(self, standing: Standing) -> bool:
        """Whether the person's secretariat handles it, and the person is not shut out of it."""
        return self.has_come_to(standing) and not self.is_closed_to(standing)

    def has_come_to(self, standing: Standing) -> bool:
        """Whether the application has been in a stage that the person's secretariat handles.

        No query for others than officers, nor for the secretariat that received it in its own helsefellesskap.
        """
        if not standing.is_officer or self.submitted_at is None:
            return False
        return self.is_received_by(standing) or self.stage_entries.handled_by(standing).exists()

    def is_received_by(self, standing: Standing) -> bool:
        """Whether the person's secretariat receives it, or will when it is sent: it checks it, and gives more time."""
        return standing.is_officer and self.round.is_received_by(standing, self.community_id)

    @property
    def stage_entry(self) -> "StageEntry | None":
        """The newest stage that it has entered; None before it is sent. One query."""
        return self.stage_entries.select_related("stage__body", "community").last()

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """Whose log tells of it: of who receives it, mostly the helsefellesskap; no query for that."""
        if self.round.spec.stages[0].body is None:
            return self.community
        return self.round.first_stage.body.tenant if self.round.first_stage.body else self.community

    @cached_property
    def closes_at(self) -> "datetime":
        """When this application must be sent: the round's deadline where it is sent, or its own extension (UTC)."""
        closes_at: datetime = self.round.closes_for(self.community)
        return max(closes_at, self.extended_until) if self.extended_until else closes_at

    @cached_property
    def lead_organisation_id(self) -> int | None:
        """The organisation that applies and receives the money."""
        lead: int | None = self.partners.filter(role="lead").values_list("organisation", flat=True).first()
        return lead

    @cached_property
    def open_correction(self) -> Any:
        """The correction request that waits for an answer, if any; no query while the status says there is none.

        For the applicants it waits until they are told that the application was closed without one.
        """
        if self.known_status != Status.CORRECTION:
            return None
        return self.correction_requests.filter(answered_at=None).first()

    @property
    def due_at(self) -> "datetime":
        """When the applicants must have sent it: the deadline, or in a correction the date asked for (UTC)."""
        asked: datetime | None = self.open_correction.due_at if self.open_correction else None
        return asked or self.closes_at

    def is_written_by(self, standing: Standing) -> bool:
        """Whether the person has a part in it, and so reads the draft; free when read ``with_reader``."""
        return self.owner_body_id in standing.body_ids or self._role_of(standing) is not None

    def is_edited_by(self, standing: Standing) -> bool:
        """Whether the person is one of those who write it, not only a supporter; free when read ``with_reader``."""
        return self.owner_body_id in standing.body_ids or self._role_of(standing) in ("lead", "partner")

    def _role_of(self, standing: Standing) -> str | None:
        if self._was_read_for(standing):
            return cast("str | None", self._reader_role)  # type: ignore[attr-defined]
        role: str | None = _parts_of(standing).filter(application=self).values_list("role", flat=True).first()
        return role

    def is_closed_to(self, standing: Standing) -> bool:
        """Whether the person may not handle it, being inhabil or waiting for a word on it; free ``with_bar``."""
        if self._was_read_for(standing) and hasattr(self, "_reader_barred"):
            return bool(self._reader_barred)
        return Application.objects.filter(out_of_case(standing.user_id), pk=self.pk).exists()

    def _was_read_for(self, standing: Standing) -> bool:
        return standing.user_id is not None and getattr(self, "_reader", None) == standing.user_id


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
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
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


class SignatureMethod(models.TextChoices):
    """How the signature was given."""

    PORTAL = "portal", _("I portalen")
    UPLOADED = "uploaded", _("Opplastet avtale")


class Signature(models.Model):
    """An authorised person's signature for a partner on the exact text (SHA-256), void when the text changes."""

    partner = models.ForeignKey("Partner", on_delete=models.CASCADE, related_name="signatures")
    method = models.CharField(max_length=10, choices=SignatureMethod, default=SignatureMethod.PORTAL)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signatory_name = models.CharField("navn", max_length=120)
    signatory_title = models.CharField("stilling", max_length=120)
    agreement_date = models.DateField("dato for signert avtale")
    signed_at = models.DateTimeField()
    text_sha256 = models.CharField(max_length=64)
    document = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("signed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(voided_at=None), name="applications_one_valid_signature"
            ),
        )

    def __str__(self) -> str:
        return f"{self.signatory_name}, {self.partner_id}"


class SignatureRefusal(models.Model):
    """A partner's no to the text as it stands, with the reason that all partners see; lifted when the text changes."""

    partner = models.ForeignKey("Partner", on_delete=models.CASCADE, related_name="refusals")
    reason = models.TextField("begrunnelse")
    text_sha256 = models.CharField(max_length=64)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("refused_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(lifted_at=None), name="applications_one_standing_refusal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.partner_id} {self.refused_at:%Y-%m-%d}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Sent versions, of which the newest counts."""

    def newest(self) -> "Submission | None":
        """The version that was sent last; None when nothing has been sent."""
        return self.order_by("-version").first()

    def current(self) -> "Submission":
        """The same of what is known to be sent; raises DoesNotExist."""
        return self.latest("version")

    def newest_of_each(self) -> "SubmissionQuerySet":
        """The version that was sent last, of each application."""
        later = Submission.objects.filter(application=models.OuterRef("application")).order_by("-version")
        return self.filter(pk=models.Subquery(later.values("pk")[:1]))


class Submission(Documented):
    """A version that was sent, as it is frozen in its document."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects = DocumentedManager.from_queryset(SubmissionQuerySet)()

    class Meta:
        ordering = ("version",)
        constraints = (
            models.UniqueConstraint(fields=("application", "version"), name="applications_submission_version"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} v{self.version}"


class CorrectionRequest(models.Model):
    """A mangelbrev: named sections reopened, with reason and date."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="correction_requests")
    sections = models.JSONField()
    reason = models.TextField("hva som må rettes")
    due_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("requested_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("application",), condition=Q(answered_at=None), name="applications_one_open_correction"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.requested_at:%Y-%m-%d}"


class Extension(models.Model):
    """A later deadline for one application, with the reason."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField("ny frist")
    reason = models.TextField("begrunnelse")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ("granted_at",)

    def __str__(self) -> str:
        return f"{self.application_id} {self.until:%Y-%m-%d}"
