"""The application, its way through the stages, its signatures, and the versions that were sent."""

import secrets
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf
from django.db.models.lookups import In
from django.urls import reverse

from applications.later_places import given_in_time
from applications.questions import out_of_case, out_of_case_since, takes_part_unasked
from applications.workflow import EDITABLE, KNOWN_BEFORE, TURNS, Status, Turn, known
from portal.communities.models import serves
from portal.communities.standing import Standing
from portal.documents.models import Documented, DocumentedManager
from rounds.answering.models import Answer, Response

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    from applications.models.stage_entry import StageEntry
    from portal.communities.models import HealthCommunity, Organisation

from django.utils.translation import gettext_lazy as _

# How long a draft that was thrown away can be brought back.
KEPT = timedelta(days=30)
# Codes are read aloud in meetings: no letters that look alike, and no vowels, so that no code is a word.
ALPHABET = "23456789BCDFGHJKMNPQRTVWXZ"


# The roles of those who write in it.
EDITING = ("lead", "partner")


def new_code() -> str:
    """A public code that cannot be guessed, and that tells nothing of the application."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def _parts_of(standing: Standing) -> Any:
    """The partner rows of the person's organisations, in any application; the row with the most rights first."""
    partners = Application.partners.rel.related_model.objects  # type: ignore[attr-defined]
    given = {one.organisation_id: one.at for one in standing.given if one.organisation_id}
    takes_part = Q(organisation__in=standing.organisation_ids - given.keys())
    for organisation, at in given.items():
        takes_part |= Q(organisation=organisation) & given_in_time(standing.user_id, at, OuterRef("application"))
    # The roles come in this order in the alphabet, too: lead, partner, supporter.
    return partners.filter(takes_part).order_by("role")


def _takes_part(standing: Standing, **role: Any) -> Q:
    """The applications that the person's organisations are partners or supporters of, or their FSUs own.

    With ``role`` those alone in which an organisation has it.
    """
    parts = _parts_of(standing).order_by().filter(**role).values("application")
    given = {one.body_id: one.at for one in standing.given if one.body_id}
    takes_part = Q(owner_body__in=standing.body_ids - given.keys()) | Q(pk__in=parts)
    for body, at in given.items():
        takes_part |= Q(owner_body=body) & given_in_time(standing.user_id, at, OuterRef("pk"))
    return takes_part


def known_status(of: str = "") -> Case:
    """``Application.known_status`` as an expression; ``of`` is «application__» on a row that points to one."""
    before = NullIf(f"{of}known_before", Value(""))
    untold = [
        When(**{f"{of}announced_at": None, f"{of}status": real}, then=Coalesce(before, Value(str(known))))
        for real, known in KNOWN_BEFORE.items()
    ]
    return Case(*untold, default=F(f"{of}status"), output_field=models.CharField())


def turn_now() -> Case:
    """Whose ``Turn`` it may be, by the status that the applicants know, as an expression."""
    by_status = (When(In(known_status(), sorted(statuses)), then=Value(turn)) for turn, statuses in TURNS.items())
    return Case(*by_status, default=Value(Turn.OTHERS))


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Which applications a person may see, write and handle. Assessors and members get theirs from other rooms."""

    def written_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Those of which one of the person's organisations is a partner or a supporter today, or an FSU the owner.

        Whoever started the application has no more rights than that, and none after leaving the organisation.
        """
        return self.filter(_takes_part(standing))

    def edited_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Those of ``written_by`` in which the person may write (``is_edited_by``): not what one only supports."""
        return self.filter(_takes_part(standing, role__in=EDITING))

    def by_turn(self) -> "ApplicationQuerySet":
        """Those that may wait for the applicants first, and those that have ended last; else the order is kept."""
        return self.order_by("turn", *self.query.order_by)

    def worked_on_by(self, user: Any, standing: Standing) -> "ApplicationQuerySet":
        """Without those in which the person only signs: may sign for a partner, and neither began it nor is contact."""
        parts = _parts_of(standing).order_by().filter(application=OuterRef("pk"))
        partners = Application.partners.rel.related_model.objects  # type: ignore[attr-defined]
        contacts = partners.alias(address=Lower("contacts__email")).filter(address=user.email.lower())
        contacts = contacts.filter(application=OuterRef("pk"))
        works = Exists(parts.exclude(organisation__in=standing.signs_for_ids))
        return self.filter(Q(created_by=user) | Q(owner_body__in=standing.body_ids) | Q(Exists(contacts)) | Q(works))

    def to_write_by(self, user: Any, standing: Standing) -> "ApplicationQuerySet":
        """Those of ``worked_on_by`` that wait for the person's partner to write.

        While the text is locked, not those whose partner has signed, unless it is the lead, which sends.
        """
        parts = _parts_of(standing).order_by().filter(application=OuterRef("pk"))
        present = {"signatures__voided_at": None, "signatures__text_sha256": OuterRef("text_sha256")}
        done = Exists(parts.filter(**present).exclude(role="lead"))
        working = self.edited_by(standing).worked_on_by(user, standing)
        return working.exclude(Q(done), signing_locked_at__isnull=False)

    def with_reader(self, standing: Standing) -> "ApplicationQuerySet":
        """With what ``is_written_by`` and ``is_edited_by`` need for this person, in the same query."""
        role = _parts_of(standing).filter(application=OuterRef("pk")).values("role")[:1]
        rows = self.annotate(_reader=Value(standing.user_id), _reader_role=Subquery(role))
        if not standing.given:
            return rows
        return rows.annotate(_reader_is_out_since=out_of_case_since(standing.user_id, OuterRef("pk")))

    def with_asked_date(self) -> "ApplicationQuerySet":
        """With ``asked_date``: until when it must be corrected; None when no correction is asked for."""
        requests = Application.correction_requests.rel.related_model.objects  # type: ignore[attr-defined]
        unanswered = requests.filter(application=OuterRef("pk"), answered_at=None)
        return self.annotate(asked_date=Subquery(unanswered.values("due_at")[:1]))

    def with_out_of_case(self, standing: Standing) -> "ApplicationQuerySet":
        """With what ``is_out_of_case`` and ``awaits_answer_of`` need for this person, in the same query."""
        rows = self.annotate(_reader_is_out_of_case=out_of_case(standing.user_id))
        return rows.annotate(_reader_must_answer=takes_part_unasked(standing)) if standing.is_officer else rows

    def out_of_case(self, user_id: int | None) -> "ApplicationQuerySet":
        """Those where the person is inhabil, or waits for a decision on habilitet."""
        return self.filter(out_of_case(user_id))

    def handled_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Those that have come to the person's secretariat in any stage, also when they have left the stage."""
        entries = Application.stage_entries.rel.related_model.objects  # type: ignore[attr-defined]
        return self.filter(pk__in=entries.handled_by(standing).values("application"))

    def awaited_by(self, standing: Standing) -> "ApplicationQuerySet":
        """Drafts that the person's secretariat will receive when they are sent."""
        at_home = Q(round__stages__body=None, community__in=standing.secretariat_community_ids)
        named = serves(standing, "round__stages__body")
        return self.filter(at_home | named, round__stages__position=0, status=Status.DRAFT)

    def visible_to(self, standing: Standing) -> "ApplicationQuerySet":
        """Those that the person writes or handles. Assessors and members of bodies get theirs from their own rooms."""
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
    # The highest number that an attachment has had: the number of a removed one is not given to another.
    attachments_numbered = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    extended_until = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    # When the applicants were told of the present outcome; see ``known_status``.
    announced_at = models.DateTimeField(null=True)
    # The status that they know while they have not been told of an outcome; else empty.
    known_before = models.CharField(max_length=20, choices=Status, blank=True)
    # Kept by the database, so that «Mine søknader» of an organisation with thousands reads an index.
    turn = models.GeneratedField(
        expression=turn_now(), output_field=models.PositiveSmallIntegerField(), db_persist=True, editable=False
    )
    signing_asked_at = models.DateTimeField(null=True)
    signing_locked_at = models.DateTimeField(null=True)
    text_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    receipt = models.CharField("kvitteringsnummer", max_length=20, blank=True)

    # The round's form as they fill it in.
    response = models.OneToOneField("answering.Response", on_delete=models.PROTECT, related_name="application")

    objects = ApplicationQuerySet.as_manager()
    # How many signatures do not count on what was changed through this object, for the page of the person who wrote.
    voided_signatures = 0

    class Meta:
        ordering = ("-updated_at", "-pk")
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
        indexes = (
            models.Index(fields=("round", "community", "status", "-submitted_at"), name="applications_list"),
            models.Index(fields=("round",), condition=Q(status=Status.DRAFT), name="applications_drafts"),
            models.Index(fields=("turn", "-updated_at", "-id"), name="applications_by_turn"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("applications:detail", args=[self.code])

    @property
    def answers(self) -> "RelatedManager[Answer]":
        """The answers to the round's form. The response itself is not read."""
        return Response(pk=self.response_id).answers

    @property
    def noun_context(self) -> str:
        """``Round.noun_context``."""
        return self.round.noun_context

    @property
    def is_editable(self) -> bool:
        """Whether the status that the applicants know lets them write."""
        return self.known_status in EDITABLE

    @property
    def known_status(self) -> Status:
        """The status that the applicants know: an outcome counts first when they have been told of it."""
        return known(self.status, is_announced=self.announced_at is not None, before=self.known_before)

    def status_for(self, standing: Standing) -> Status:
        """The real status for a secretariat that handles the application, the known one for everybody else."""
        return Status(self.status) if self.is_handled_by(standing) else self.known_status

    def is_handled_by(self, standing: Standing) -> bool:
        """Whether the person's secretariat handles the application, and it is open to the person there.

        It is closed to whoever is out of the case, and to whoever takes part in it and has not been asked about
        habilitet: such a person reads it as the applicants do.
        """
        return self.has_come_to(standing) and not self.is_out_of_case(standing) and not self.awaits_answer_of(standing)

    def has_come_to(self, standing: Standing) -> bool:
        """Whether the application has been in a stage that the person's secretariat handles.

        No query is needed for a person outside the secretariats, nor for the secretariat that receives the application.
        """
        if not standing.is_officer or self.submitted_at is None:
            return False
        return self.is_received_by(standing) or self.stage_entries.handled_by(standing).exists()

    def is_received_by(self, standing: Standing) -> bool:
        """Whether the person's secretariat receives the application when it is sent, and checks it."""
        return standing.is_officer and self.round.is_received_by(standing, self.community_id)

    @property
    def stage_entry(self) -> "StageEntry | None":
        """The newest stage that it has entered; None before it is sent. One query."""
        return self.stage_entries.select_related("stage__body", "community").last()

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap or region whose log has the entries: the one that receives the application."""
        if self.round.spec.stages[0].body is None:
            return self.community
        return self.round.first_stage.body.tenant if self.round.first_stage.body else self.community

    @cached_property
    def closes_at(self) -> "datetime":
        """When it must be sent (UTC): the round's deadline at its helsefellesskap, or its own extension.

        In a cancelled round nothing is sent after the moment at which it was cancelled.
        """
        closes_at: datetime = self.round.closes_for(self.community)
        closes_at = max(closes_at, self.extended_until) if self.extended_until else closes_at
        return min(closes_at, self.round.cancelled_at) if self.round.cancelled_at else closes_at

    @cached_property
    def lead_organisation_id(self) -> int | None:
        """The organisation that applies and receives the money."""
        lead: int | None = self.partners.filter(role="lead").values_list("organisation", flat=True).first()
        return lead

    @cached_property
    def open_correction(self) -> Any:
        """The correction request that is not answered yet, or None. No query when the status tells that there is none.

        For the applicants it is open until they are told that the application was closed without an answer.
        """
        if self.known_status != Status.CORRECTION:
            return None
        return self.correction_requests.filter(answered_at=None).first()

    @property
    def kept_until(self) -> "datetime":
        """Until when a draft that was thrown away can be brought back; nothing has changed it since."""
        return self.updated_at + KEPT

    @property
    def due_at(self) -> "datetime":
        """When the applicants must have sent it (UTC): the deadline, or the date of a correction request."""
        asked: datetime | None = self.open_correction.due_at if self.open_correction else None
        return asked or self.closes_at

    def is_written_by(self, standing: Standing) -> bool:
        """Whether the person writes or supports it, and so reads the draft. No query after ``with_reader``."""
        return self.owner_body_id in self.places_of(standing).body_ids or self.role_of(standing) is not None

    def is_edited_by(self, standing: Standing) -> bool:
        """Whether the person may write in it; a supporter may not. No query after ``with_reader``."""
        owns = self.owner_body_id in self.places_of(standing).body_ids
        return owns or self.role_of(standing) in EDITING

    def places_of(self, standing: Standing) -> Standing:
        """What the person's places give in this application.

        A person who was out of the case when a place was given gets nothing of the case by it: neither to read, to
        sign nor to withdraw it. One query at most, and none after ``with_reader``.
        """
        if not standing.given:
            return standing
        if self._was_read_for(standing) and hasattr(self, "_reader_is_out_since"):
            since = self._reader_is_out_since
        else:
            row = Application.objects.filter(pk=self.pk)
            since = row.values_list(out_of_case_since(standing.user_id, OuterRef("pk")), flat=True).get()
        return standing.before(since) if since else standing

    def role_of(self, standing: Standing) -> str | None:
        """What the person's organisation is in it, a ``PartnerRole``; None without a place.

        No query after ``with_reader``.
        """
        if self._was_read_for(standing):
            return cast("str | None", self._reader_role)  # type: ignore[attr-defined]
        role: str | None = _parts_of(standing).filter(application=self).values_list("role", flat=True).first()
        return role

    def awaits_answer_of(self, standing: Standing) -> bool:
        """Whether the person takes part in it without having been asked about habilitet.

        No query after ``with_out_of_case`` for an officer.
        """
        if self._was_read_for(standing) and hasattr(self, "_reader_must_answer"):
            return bool(self._reader_must_answer)
        return Application.objects.filter(takes_part_unasked(standing), pk=self.pk).exists()

    def is_out_of_case(self, standing: Standing) -> bool:
        """Whether the person is out of the case: inhabil, or not decided yet. No query after ``with_out_of_case``."""
        if self._was_read_for(standing) and hasattr(self, "_reader_is_out_of_case"):
            return bool(self._reader_is_out_of_case)
        return Application.objects.filter(out_of_case(standing.user_id), pk=self.pk).exists()

    def read_for(self, standing: Standing) -> None:
        """Read what the questions about this person need, for a page that asks several; one query."""
        rows = Application.objects.with_reader(standing).with_out_of_case(standing).filter(pk=self.pk)
        vars(self).update(rows.values(*rows.query.annotations).get())

    def _was_read_for(self, standing: Standing) -> bool:
        return standing.user_id is not None and getattr(self, "_reader", None) == standing.user_id


class SignatureMethod(models.TextChoices):
    """How the signature was given."""

    PORTAL = "portal", _("I portalen")
    UPLOADED = "uploaded", _("Opplastet avtale")


class Signature(models.Model):
    """A signature for a partner on one exact text (its SHA-256). It becomes void when the text changes."""

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
        ordering = ("signed_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(voided_at=None), name="applications_one_valid_signature"
            ),
        )

    def __str__(self) -> str:
        return f"{self.signatory_name}, {self.partner_id}"


class SignatureRefusal(models.Model):
    """A partner's refusal to sign, with the reason that all partners see. It is lifted when the text changes."""

    partner = models.ForeignKey("Partner", on_delete=models.CASCADE, related_name="refusals")
    reason = models.TextField("begrunnelse")
    text_sha256 = models.CharField(max_length=64)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("refused_at", "pk")
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
        """The version that was sent last; raises DoesNotExist when nothing has been sent."""
        return self.latest("version")

    def newest_of_each(self) -> "SubmissionQuerySet":
        """Of each application the version that was sent last."""
        later = Submission.objects.filter(application=models.OuterRef("application")).order_by("-version")
        return self.filter(pk=models.Subquery(later.values("pk")[:1]))


class Submission(Documented):
    """A version of the application as it was sent; the content is in its document."""

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
