"""Admission, assignments, assessments, priority lists with recommendations, forwarding and habilitet."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.assessment.habilitet import Ground, Tie, needs_decision
from portal.communities.models import Body
from portal.documents.models import Documented, DocumentedManager, WithoutContentManager
from rounds.outcomes import AWARD_CODES, proposed_choices


class Admission(models.Model):
    """The check of one application in one stage: the answered checklist, and the outcome with its reason."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="admissions")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey("applications.Submission", on_delete=models.PROTECT, related_name="+")
    checklist = models.JSONField(default=dict)
    admitted = models.BooleanField("tatt til vurdering")
    reason = models.TextField("begrunnelse", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("decided_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "stage"), name="assessment_checked_once"),
            models.CheckConstraint(condition=Q(admitted=True) | ~Q(reason=""), name="assessment_refusal_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.application_id}"

    @property
    def unmet(self) -> list[dict[str, Any]]:
        """The checks that were not met, each with the reason for taking the application in all the same."""
        return [item for item in self.checklist.get("items", ()) if not item["answer"]]

    @property
    def met(self) -> list[dict[str, Any]]:
        """The checks that were met."""
        return [item for item in self.checklist.get("items", ()) if item["answer"]]


class Assignment(models.Model):
    """An application that is assigned to an assessor in a stage, with a date for the assessment."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assignments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    # The assessor was chosen as a member of a body: the assignment is valid as long as the person has the seat.
    by_seat = models.BooleanField("i kraft av en plass", default=False)
    due_date = models.DateField("frist")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    # A copy of the time in the assessment, written in the same act: desks and figures read the assignments alone.
    delivered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("due_date", "pk")
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_assigned_once"),
        )
        indexes = (
            # In the order of the desk: those that wait first, by date.
            models.Index(fields=("assessor", "-delivered_at", "due_date", "id"), name="assessment_desk"),
            models.Index(
                fields=("stage", "assessor", "application", "by_seat", "delivered_at"), name="assessment_assessors"
            ),
            models.Index(
                fields=("stage", "due_date", "application", "assessor", "by_seat"),
                condition=Q(delivered_at=None),
                name="assessment_undelivered",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"


class Assessment(models.Model):
    """One assessor's assessment of one version of an application in one stage.

    ``total`` (0–100) is stored when the assessment is delivered; it goes away when the assessor takes it back.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="assessments")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    submission = models.ForeignKey("applications.Submission", on_delete=models.PROTECT, related_name="+")
    comment = models.TextField("samlet vurdering", blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    updated_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "stage", "assessor"), name="assessment_one_each"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.assessor_id}"


class Score(models.Model):
    """The points that one assessor gives for one criterion, with the reason.

    A criterion that is judged without points (R49) has a reason only. A scored criterion without points is one that the
    assessor abstained from (``abstained``), or has not scored yet.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("rounds.Criterion", on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("poeng", max_digits=7, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField("avstår", default=False)
    reason = models.TextField("begrunnelse", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "criterion"), name="assessment_one_score"),
            models.CheckConstraint(
                condition=Q(abstained=False) | Q(points__isnull=True), name="assessment_abstained_has_no_points"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion_id}"


class Result(models.Model):
    """The delivered assessments of one application in one stage, summed up by ``scoring.outcome``.

    The row is calculated from all the assessments, in the transaction that delivers one. Lists show these rows; the
    total that the ranking sorts by is copied into the stage entry. ``community`` is the application's. ``criteria``
    holds ``[mean, spread]`` in points by the code of the criterion, ``totals`` those of the assessors (0–100), the
    lowest first; both as texts of decimal numbers.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.CASCADE, related_name="results")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="+")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, related_name="+")
    delivered = models.PositiveSmallIntegerField()
    total = models.DecimalField("snitt", max_digits=5, decimal_places=2, null=True)
    median = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    spread = models.DecimalField("spredning", max_digits=5, decimal_places=2, null=True)
    must_discuss = models.BooleanField("må drøftes", default=False)
    meets_thresholds = models.BooleanField("over tersklene", default=True)
    criteria = models.JSONField(default=dict)
    totals = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "stage"), name="assessment_one_result"),)
        indexes = (
            models.Index(fields=("stage", "application", "delivered", "meets_thresholds"), name="assessment_of_stage"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.total}"


class Order(models.TextChoices):
    """What the applications were ordered by when the list was begun."""

    SCORE = "score", _("Satt opp etter poeng.")
    HOME = "home", _("Satt opp etter helsefellesskapenes egen rekkefølge, fordi ingen hadde gitt poeng her.")
    BEFORE = "prior", _("Satt opp i rekkefølgen fra den forrige listen, fordi ingen hadde gitt poeng her.")
    SENT = "sent", _("Satt opp i den rekkefølgen de ble sendt, fordi ingen hadde gitt poeng.")


class PriorityListQuerySet(models.QuerySet["PriorityList"]):
    """Priority lists, found by the body that discusses them in a meeting."""

    def of_body(self, body: Body) -> "PriorityListQuerySet":
        """The lists of stages that name the body, and of stages for bodies of its kind in its helsefellesskap.

        Those of a body that has ended are the next body's.
        """
        of_kind = Q(stage__body=None, stage__body_kind=body.kind, community=body.community_id)
        return self.filter(Q(stage__body__in=body.line) | (of_kind if body.community_id else Q(pk=None)))


class PriorityList(Documented):
    """The ranked recommendations of one helsefellesskap (or the region) in one stage; locking the list freezes it.

    ``considerations`` is the judgement of the list as a whole (R49, R50).
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="priority_lists")
    stage = models.ForeignKey("rounds.Stage", on_delete=models.PROTECT, related_name="priority_lists")
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    first_order = models.CharField("satt opp etter", max_length=5, choices=Order, blank=True)
    considerations = models.TextField("vurdering av helheten", blank=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")

    # The list of a large round is megabytes, and every page of the round reads the row.
    objects = WithoutContentManager.from_queryset(PriorityListQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stage", "community"), name="assessment_one_list"),
            models.UniqueConstraint(
                fields=("stage",), condition=Q(community=None), name="assessment_one_regional_list"
            ),
            models.CheckConstraint(
                condition=Q(document=None, frozen_at=None) | Q(document__isnull=False, frozen_at__isnull=False),
                name="assessment_frozen_has_document",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.stage_id}"

    def is_for(self, body: Body) -> bool:
        """Whether the body discusses the list in its meeting; the same rule as ``PriorityListQuerySet.of_body``."""
        return self.stage.is_at(body, self.community_id)

    @property
    def is_frozen(self) -> bool:
        """Whether the list is locked, and can no longer change."""
        return self.frozen_at is not None


class Task(models.TextChoices):
    """What a stage does with all its applications (R16)."""

    APPROVE = "approve", _("Godkjenning")
    ASSESS = "assess", _("Vurdering")
    PRIORITISE = "prioritise", _("Prioritering")


class StageAct(models.Model):
    """The record that a task of the stage is done: by whom, when, and (in ``note``) on what authority."""

    priority_list = models.ForeignKey(PriorityList, on_delete=models.PROTECT, related_name="acts")
    task = models.CharField("oppgave", max_length=12, choices=Task)
    note = models.TextField("hvem som har gjort det, og når", blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        ordering = ("done_at", "pk")
        constraints = (models.UniqueConstraint(fields=("priority_list", "task"), name="assessment_done_once"),)

    def __str__(self) -> str:
        return f"{self.priority_list_id} {self.task}"


class Recommendation(models.Model):
    """Rank, outcome, amount (kroner) and reason for one application in one stage.

    An empty outcome means that the secretariat has written no recommendation yet. ``order_reason`` says why the rank
    departs from the score, ``threshold_reason`` why the application is recommended below a threshold of the stage.
    """

    priority_list = models.ForeignKey(PriorityList, on_delete=models.CASCADE, related_name="recommendations")
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="recommendations"
    )
    rank = models.PositiveIntegerField("prioritet", null=True)
    outcome = models.CharField("innstilling", max_length=16, choices=proposed_choices, blank=True)
    amount = models.PositiveBigIntegerField("beløp (kr)", null=True)
    reason = models.TextField("begrunnelse", blank=True)
    conditions = models.TextField("vilkår", blank=True)
    order_reason = models.TextField("hvorfor plassen avviker fra poengene", blank=True)
    threshold_reason = models.TextField("hvorfor den innstilles under terskelen", blank=True, default="")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    # What is written about the application, by the names of the fields. The two first are one choice.
    WRITTEN = ("outcome", "amount", "reason", "conditions", "order_reason", "threshold_reason")

    class Meta:
        ordering = ("rank", "pk")
        constraints = (
            models.UniqueConstraint(fields=("priority_list", "application"), name="assessment_one_recommendation"),
            models.CheckConstraint(
                condition=Q(outcome__in=AWARD_CODES, amount__isnull=False)
                | (~Q(outcome__in=AWARD_CODES) & Q(amount__isnull=True)),
                name="assessment_amount_when_awarded",
            ),
        )
        indexes = (
            models.Index(
                fields=("priority_list", "rank", "id", "application", "outcome", "amount"), name="assessment_board"
            ),
            models.Index(
                fields=("priority_list", "application"),
                condition=Q(outcome="") | Q(reason=""),
                name="assessment_unwritten",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rank} {self.application_id}"


class Forwarding(Documented):
    """The frozen package in which a list was sent to the next stage: list, reasons, habilitet and dossiers."""

    priority_list = models.OneToOneField(PriorityList, on_delete=models.PROTECT, related_name="forwarding")
    to_body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    forwarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    forwarded_at = models.DateTimeField()
    # When one of those who received it opened it first; until then it can be called back.
    opened_at = models.DateTimeField(null=True)

    objects = DocumentedManager()

    def __str__(self) -> str:
        return f"{self.priority_list_id}"


class HabilitetQuerySet(models.QuerySet["Habilitet"]):
    """Rows of habilitet, by what was asked and decided."""

    def inhabil(self) -> "HabilitetQuerySet":
        """The rows in which it is decided that the person is inhabil."""
        return self.filter(is_recused=True)

    def out_of_case(self) -> "HabilitetQuerySet":
        """The rows by which the person is out of the case: inhabil, or a question that nobody has decided."""
        return self.filter(Q(is_recused=True) | Q(is_pending=True))

    def decided(self) -> "HabilitetQuerySet":
        """The rows in which somebody has decided that the person is habil or inhabil."""
        return self.filter(is_recused__isnull=False)

    def raised_or_decided(self) -> "HabilitetQuerySet":
        """The rows that a body takes up in its meeting; not those in which the person only has answered no."""
        return self.filter(Q(is_pending=True) | Q(is_recused__isnull=False))


class Habilitet(models.Model):
    """A person's habilitet in one application, or in a case of a meeting that is about no application.

    The person is asked while the application is assessed, or in the meeting. The secretariat decides, or a body in its
    meeting (then ``body`` is set). The latest decision is valid, also while the question is raised again; the
    steps keep the earlier ones.
    """

    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, null=True, related_name="habilitet"
    )
    # The id of an evaluation.meetings.Case. No foreign key: this room does not know the meetings. Goes with the
    # case when it is taken off an agenda.
    case_id = models.PositiveBigIntegerField("sak", null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # --- the answer of the person, in the person's own words; null until there is one
    has_tie = models.BooleanField("har en tilknytning", null=True)
    answer_ground = models.CharField("grunn i svaret", max_length=12, choices=Ground, blank=True, db_default="")
    answer_explanation = models.TextField("forklaring i svaret", blank=True, db_default="")
    # [{"ground", "sentence", "is_strong"}]: the ties the portal saw when the person answered.
    suggested = models.JSONField(default=list)
    declared_at = models.DateTimeField(null=True)
    # --- the question, in the words of whoever raised it: the person by the answer, or another
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    explanation = models.TextField("forklaring", blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(null=True)
    # Until somebody else has decided, the case stays closed to the person.
    is_pending = models.BooleanField("må avgjøres av andre", default=False)
    # --- the decision
    is_recused = models.BooleanField("inhabil", null=True)
    decided_ground = models.CharField("grunn for avgjørelsen", max_length=12, choices=Ground, blank=True)
    reason = models.TextField("begrunnelse", blank=True)
    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = HabilitetQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("application", "person"), name="assessment_habilitet_once"),
            models.UniqueConstraint(fields=("case_id", "person"), name="assessment_habilitet_once_a_case"),
            models.CheckConstraint(
                condition=Q(application=None, case_id__isnull=False) | Q(application__isnull=False, case_id=None),
                name="assessment_habilitet_of_one",
            ),
            models.CheckConstraint(condition=~Q(has_tie=True) | ~Q(answer_ground=""), name="assessment_tie_has_ground"),
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(raised_by__isnull=False, raised_at__isnull=False),
                name="assessment_question_is_raised",
            ),
            models.CheckConstraint(
                condition=Q(is_recused=None, decided_at=None)
                | Q(is_recused__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="assessment_habilitet_decided",
            ),
            models.CheckConstraint(
                condition=~Q(is_recused=True) | ~Q(decided_ground=""), name="assessment_recusal_has_ground"
            ),
        )
        indexes = (
            # The few rows of ``HabilitetQuerySet.out_of_case``.
            models.Index(
                fields=("person", "application"),
                condition=Q(is_recused=True) | Q(is_pending=True),
                name="assessment_out_of_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id or self.case_id} {self.person_id}"

    @property
    def ground_label(self) -> str:
        """The ground in words: that of the question until it is decided, then that of the decision."""
        ground = (not self.is_pending and self.decided_ground) or self.ground or self.decided_ground or Ground.OTHER
        return str(Ground(ground).label)

    @property
    def is_raised_by_person(self) -> bool:
        """Whether the person has raised the question, or has answered so that others must decide."""
        return self.raised_by_id == self.person_id or self.answer_asks

    @property
    def is_raised_by_another(self) -> bool:
        """Whether another than the person has raised the question: then it has its own words beside the answer."""
        return self.raised_by_id not in {None, self.person_id}

    @property
    def answer_asks(self) -> bool:
        """Whether others must decide by the person's answer alone: a tie, or a strong one that the portal saw then."""
        return needs_decision(has_tie=bool(self.has_tie), suggested=tuple(Tie(**tie) for tie in self.suggested))


class HabilitetStep(models.Model):
    """One thing that was said or decided about a person's habilitet: a row for each time, which is never changed.

    ``Habilitet`` has what is valid now, and its row goes when the only thing in it is taken back. These rows stay.
    """

    class Kind(models.TextChoices):
        """What it was."""

        ANSWERED = "answered"
        RAISED = "raised"
        TAKEN_BACK = "taken_back"
        DECIDED = "decided"

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, null=True, related_name="+")
    # As in ``Habilitet``.
    case_id = models.PositiveBigIntegerField("sak", null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("hva", max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Whether others were to decide by this: a question, or an answer that asks.
    asks = models.BooleanField("må avgjøres av andre", default=False)
    has_tie = models.BooleanField("har en tilknytning", null=True)
    is_recused = models.BooleanField("inhabil", null=True)
    ground = models.CharField("grunn", max_length=12, choices=Ground, blank=True)
    words = models.TextField("det som ble skrevet", blank=True)
    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=("application", "person", "at"), name="assessment_steps_of"),
            models.Index(fields=("case_id", "person"), name="assessment_steps_of_case"),
        )

    def __str__(self) -> str:
        return f"{self.application_id or self.case_id} {self.person_id} {self.kind}"

    @property
    def sentence(self) -> str:
        """What was said or decided, without the words; who and when are shown beside it."""
        ground = {"ground": str(Ground(self.ground or Ground.OTHER).label)}
        if self.kind == self.Kind.ANSWERED:
            yes, no = (
                _("Meldte selv en tilknytning: %(ground)s."),
                _("Svarte selv nei på om det finnes en tilknytning."),
            )
            return (yes if self.has_tie else no) % ground
        if self.kind == self.Kind.RAISED:
            return _("Reiste spørsmål om habiliteten: %(ground)s.") % ground
        if self.kind == self.Kind.TAKEN_BACK:
            return str(_("Tok spørsmålet tilbake."))
        return (_("Avgjorde: inhabil. %(ground)s.") if self.is_recused else _("Avgjorde: habil.")) % ground
