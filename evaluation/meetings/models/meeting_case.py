"""A case of a meeting: its number, its paper, and what it had come to when it was opened again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.workflow import GONE
from evaluation.meetings.models.meeting import Meeting, MeetingStatus
from evaluation.meetings.numbering import CaseNumber


class CaseKind(models.TextChoices):
    """What the body is asked to do with a case."""

    DECISION = "decision", _("Beslutningssak")
    DISCUSSION = "discussion", _("Drøftingssak")
    INFORMATION = "information", _("Orienteringssak")


class CaseStatus(models.TextChoices):
    """The status of a case."""

    PREPARED = "prepared", _("Klar til møtet")
    DECIDED = "decided", _("Avgjort")
    POSTPONED = "postponed", _("Utsatt")
    NOTED = "noted", _("Tatt til orientering")


# The cases that another meeting can take up; see ``Case.waits_again``.
WAITS_AGAIN = Q(status=CaseStatus.POSTPONED) | Q(meeting__status=MeetingStatus.CANCELLED)


class Case(models.Model):
    """A numbered case, unique by body and year (R126)."""

    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="cases")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="cases")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField("type", max_length=12, choices=CaseKind, default=CaseKind.DECISION)
    title = models.CharField("tittel", max_length=200)
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.PREPARED)
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    priority_list = models.ForeignKey(
        "assessment.PriorityList", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    recommendation = models.ForeignKey(
        "assessment.Recommendation", on_delete=models.PROTECT, null=True, related_name="cases"
    )
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    # Those that it builds on, as the secretariat has named them; ``follows`` is the one that it takes up again.
    earlier = models.ManyToManyField("self", symmetrical=False, related_name="later")
    # The highest number that an attachment of it has had.
    attachments_numbered = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("meeting", "position", "number")
        verbose_name = "sak"
        constraints = (
            models.UniqueConstraint(fields=("body", "year", "number"), name="meetings_case_number"),
            models.UniqueConstraint(fields=("meeting", "application"), name="meetings_one_case_an_application"),
            models.UniqueConstraint(
                fields=("meeting", "priority_list"),
                condition=Q(application=None),
                name="meetings_one_allocation_case",
            ),
        )
        indexes = (models.Index(fields=("meeting", "position"), name="meetings_agenda"),)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:case", args=[self.pk])

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """The label of the status. What was put up to be discussed is «Drøftet», and not noted, when it is ended."""
        is_discussed = self.status == CaseStatus.NOTED and self.kind == CaseKind.DISCUSSION
        return str(_("Drøftet") if is_discussed else CaseStatus(self.status).label)

    @property
    def reference(self) -> str:
        """The case number as it is written: 32/24."""
        return str(CaseNumber(self.year, self.number))

    @property
    def is_allocation(self) -> bool:
        """Whether it is about the priority list as a whole."""
        return self.priority_list_id is not None and self.application_id is None

    @property
    def is_settled(self) -> bool:
        """Whether the body has finished the case."""
        return self.status != CaseStatus.PREPARED

    @property
    def waits_again(self) -> bool:
        """Whether another meeting can take it up: it was postponed, or its meeting was cancelled."""
        return self.status == CaseStatus.POSTPONED or self.meeting.is_cancelled

    @property
    def is_withdrawn(self) -> bool:
        """Whether the case of a list is about a withdrawn application or round, so that nothing is left to decide."""
        if self.application:
            return bool(self.priority_list_id) and self.application.status in GONE
        return bool(self.priority_list and self.priority_list.round.cancelled_at)


class NumberSeries(models.Model):
    """The highest number that a body has given in a year, once a case has been taken off an agenda.

    Else the cases tell it. A number that was given is not given again.
    """

    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    highest = models.PositiveIntegerField()

    class Meta:
        verbose_name = "nummerserie"
        constraints = (models.UniqueConstraint(fields=("body", "year"), name="meetings_one_number_series"),)

    def __str__(self) -> str:
        return f"{self.body_id} {self.highest}/{self.year}"


class CasePaper(models.Model):
    """The saksframlegg under its headings (R128), and the numbered proposal (R129)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="paper")
    background = models.TextField("bakgrunn", blank=True)
    facts = models.TextField("fakta", blank=True)
    # Markdown: its parts have headings of their own.
    guidelines = models.TextField("forslag til retningslinjer", blank=True, default="", db_default="")
    considerations = models.TextField("vurderinger", blank=True)
    proposal = models.TextField("forslag til vedtak", blank=True)
    requested_by = models.CharField("bestilt av", max_length=160, blank=True)

    # What is written in the paper, by the names of the fields.
    TEXTS = ("requested_by", "background", "facts", "guidelines", "considerations", "proposal")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Reopening(models.Model):
    """What a case had come to when it was opened again in its meeting: who, when and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reopenings")
    # The status of the case, and the texts, the outcome and the amount of its resolution, by the names of the fields.
    content = models.JSONField()
    why = models.TextField("hvorfor saken ble åpnet igjen")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField()

    class Meta:
        ordering = ("reopened_at", "pk")

    def __str__(self) -> str:
        return f"{self.case_id} {self.reopened_at:%Y-%m-%d %H:%M}"
