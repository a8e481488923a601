"""Meetings and what happens in them."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.workflow import GONE
from evaluation.meetings.numbering import CaseNumber
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from portal.communities.models import BodyKind, HealthCommunity, Organisation, Seat, SeatRole
from portal.communities.standing import Standing
from portal.documents.models import Documented, DocumentedManager
from rounds.outcomes import AWARD_CODES, PROPOSABLE, proposed_choices

CHAIRS = (SeatRole.CHAIR, SeatRole.VICE_CHAIR)


class MeetingStatus(models.TextChoices):
    """The status of a meeting."""

    PLANNED = "planned", _("Planlagt")
    OPEN = "open", _("Pågår")
    CLOSED = "closed", _("Hevet")
    ADOPTED = "adopted", _("Protokoll godkjent")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Who sees which meetings."""

    def visible_to(self, standing: Standing) -> "MeetingQuerySet":
        """The meetings of the person's bodies that the members have been called to, and those that the person prepares.

        Chairs, vice chairs and the secretariat see a meeting also before the members are called.
        """
        return self._of(
            chaired=standing.chaired_body_ids,
            bodies=standing.body_ids,
            communities=standing.secretariat_community_ids,
            regions=standing.secretariat_region_ids,
        )

    def visible_by_seats(self, user_id: int, day: date) -> "MeetingQuerySet":
        """The same with the seats read in the query itself, for a page that asks nothing else of the person."""
        seats = Seat.objects.current(day).filter(user=user_id).order_by()
        in_secretariat = seats.filter(body__kind=BodyKind.SECRETARIAT)
        return self._of(
            chaired=seats.filter(role__in=CHAIRS).values("body"),
            bodies=seats.values("body"),
            communities=in_secretariat.values("body__community"),
            regions=in_secretariat.values("body__region"),
        )

    def _of(self, *, chaired: Any, bodies: Any, communities: Any, regions: Any) -> "MeetingQuerySet":
        return self.filter(
            Q(body__in=chaired)
            | Q(body__in=bodies, called_at__isnull=False)
            | Q(body__community__in=communities)
            | Q(body__region__in=regions)
        )


class Meeting(models.Model):
    """A meeting of a body."""

    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField("starter")
    location = models.CharField("sted", max_length=160)
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    current_case = models.ForeignKey("Case", on_delete=models.SET_NULL, null=True, related_name="+")
    # Goes up by one with every change that a screen must show. A screen that has the newest number is up to date.
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    # The first officer who led a step of it, for the minutes.
    secretary = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        verbose_name = "møte"
        indexes = (models.Index(fields=("body", "-starts_at"), name="meetings_of_body"),)

    def __str__(self) -> str:
        return f"{self.body} {self.held_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:room", args=[self.pk])

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap or the region whose body meets."""
        return self.body.tenant

    @property
    def is_called(self) -> bool:
        """Whether the members have been called, and may read the papers."""
        return self.called_at is not None

    @property
    def held_at(self) -> datetime:
        """When the meeting was opened; until it has been, when it is to begin."""
        return self.opened_at or self.starts_at

    @property
    def is_open(self) -> bool:
        """Whether the meeting is going on."""
        return self.status == MeetingStatus.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the meeting has been closed, and its minutes are not adopted."""
        return self.status == MeetingStatus.CLOSED

    @property
    def is_over(self) -> bool:
        """Whether the meeting has been closed."""
        return self.status in (MeetingStatus.CLOSED, MeetingStatus.ADOPTED)


class Attendance(models.Model):
    """A seat on the roll of a meeting: first arrival, last departure, apology. Deputies have rows of their own."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey("communities.Seat", on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    apology = models.BooleanField("meldt forfall", default=False)
    has_ended = models.BooleanField(default=False, db_default=False)  # before the meeting was opened again

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "seat"), name="meetings_present_once"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id}"

    @property
    def is_present(self) -> bool:
        """Whether the seat's holder is in the meeting now."""
        return self.arrived_at is not None and self.left_at is None


class Absence(models.Model):
    """A time in which somebody who had come was registered as out, or was inhabil in the ``case`` in hand."""

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="absences")
    case = models.ForeignKey("Case", on_delete=models.CASCADE, null=True, related_name="+")
    left_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("left_at", "pk")

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.left_at:%H:%M}"


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
    considerations = models.TextField("vurderinger", blank=True)
    proposal = models.TextField("forslag til vedtak", blank=True)
    requested_by = models.CharField("bestilt av", max_length=160, blank=True)

    # What is written in the paper, by the names of the fields.
    TEXTS = ("requested_by", "background", "facts", "considerations", "proposal")

    def __str__(self) -> str:
        return f"{self.case_id}"


class Choice(models.TextChoices):
    """What a member answers."""

    FOR = "for", _("For")
    AGAINST = "against", _("Mot")
    ABSTAIN = "abstain", _("Avstår")


# Under consensus a member does not vote for or against, but supports the proposal or objects to it.
CONSENSUS_WORDS = {
    Choice.FOR: _("Støtter forslaget"),
    Choice.AGAINST: _("Har innvendinger"),
    Choice.ABSTAIN: _("Avstår"),
}


class BallotStatus(models.TextChoices):
    """The status of a ballot."""

    OPEN = "open", _("Åpen")
    CLOSED = "closed", _("Lukket")


def _outcome_and_amount() -> Q:
    """An award has an amount, other outcomes have none. The outcome is empty in a case that is about no application."""
    others = [str(outcome) for outcome in PROPOSABLE if not outcome.is_award]
    return Q(outcome__in=AWARD_CODES, amount__isnull=False) | Q(outcome__in=["", *others], amount__isnull=True)


class Ballot(models.Model):
    """A vote on a proposal; who could vote, what each answered and the result are frozen when it closes.

    ``rules`` is frozen when it opens: rule, quorum and who has set them (``DecisionRules.to_data``).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ballots")
    proposal = models.TextField("forslag")
    outcome = models.CharField("utfall", max_length=16, choices=proposed_choices, blank=True)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    rules = models.JSONField("regel")
    status = models.CharField(max_length=8, choices=BallotStatus, default=BallotStatus.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    electorate = models.JSONField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(status=BallotStatus.OPEN), name="meetings_one_open_ballot"
            ),
            models.CheckConstraint(condition=_outcome_and_amount(), name="meetings_ballot_amount_when_awarded"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.opened_at:%H:%M}"

    @property
    def is_carried(self) -> bool:
        """Whether it is closed, and its proposal was adopted."""
        return self.status == BallotStatus.CLOSED and bool((self.result or {}).get("is_adopted"))

    @property
    def is_consensus(self) -> bool:
        """Whether it carries unless somebody objects."""
        return self.decision_rules.is_consensus

    @property
    def decision_rules(self) -> DecisionRules:
        """What its votes are counted by."""
        return DecisionRules.from_data(self.rules)

    @property
    def rules_text(self) -> str:
        """What it takes for the proposal to carry, the quorum, and who has set them."""
        return decision_words.sentences(self.decision_rules)

    @property
    def words(self) -> dict[str, str]:
        """What each answer is called under its rule."""
        words = CONSENSUS_WORDS if self.is_consensus else {choice: choice.label for choice in Choice}
        return {str(choice): str(word) for choice, word in words.items()}


class Vote(models.Model):
    """The vote of one seat in a ballot: the last one that it gave before the ballot closed."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey("communities.Seat", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ballot", "seat"), name="meetings_one_vote"),)

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.seat_id}"


class Resolution(models.Model):
    """How a case ended: the adopted text, and for an application its outcome and amount (kroner).

    ``manner`` is the sentence of the minutes on how it came about; ``electorate`` is who took part. ``rules`` is the
    rule and the quorum that were in force (``DecisionRules.to_data``); None in what was resolved before it was kept.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="resolution")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField("vedtak")
    outcome = models.CharField("utfall", max_length=16, choices=proposed_choices, blank=True)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    reason = models.TextField("begrunnelse", blank=True)
    # What sets the application apart from an equal with the opposite outcome; None where the reason still ends with it.
    difference = models.TextField("hva skiller søknaden", blank=True, null=True, default="", db_default="")
    # None in what was resolved before it was kept: then those of a recommendation that was followed hold.
    conditions = models.TextField("vilkår", blank=True, null=True, default="")
    # Why the body granted more than was left of the frame; empty when it did not.
    over_frame_reason = models.TextField("hvorfor rammen passeres", blank=True, default="")
    statements = models.TextField("protokolltilførsel", blank=True)
    manner = models.TextField("slik ble det vedtatt", blank=True)
    electorate = models.JSONField(null=True)
    rules = models.JSONField("regel", null=True)
    # What was raised and decided about habilitet in the case (queries.habilitet.frozen), whatever is decided later.
    habilitet = models.JSONField("habilitet", default=list)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_outcome_and_amount(), name="meetings_resolution_amount_when_awarded"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}"

    @property
    def rules_text(self) -> str:
        """The rule and the quorum that were in force, and who has set them; empty when they were not kept."""
        return decision_words.sentences(DecisionRules.from_data(self.rules)) if self.rules else ""


class ResolutionVersion(models.Model):
    """What a resolution said before it was corrected between the meeting and its adopted minutes: who, when and why."""

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="versions")
    # The fields of the resolution that can be corrected, by their names.
    content = models.JSONField()
    why = models.TextField("hva som var feil")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("changed_at", "pk")

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.changed_at:%Y-%m-%d %H:%M}"


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


class MeetingReopening(models.Model):
    """A meeting that was closed by mistake and opened again before its minutes were adopted: who, when and why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reopenings")
    # When it had been closed.
    closed_at = models.DateTimeField()
    why = models.TextField("hvorfor møtet ble åpnet igjen")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField()

    class Meta:
        ordering = ("reopened_at", "pk")

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.reopened_at:%Y-%m-%d %H:%M}"


class Minutes(Documented):
    """The minutes of a meeting: frozen in a document when adopted."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    remarks = models.TextField("merknader", blank=True)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    objects = DocumentedManager()

    def __str__(self) -> str:
        return f"{self.meeting_id}"

    @property
    def is_adopted(self) -> bool:
        """Whether they are frozen."""
        return self.adopted_at is not None
