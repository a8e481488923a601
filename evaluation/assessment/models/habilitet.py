"""The one row about a person's habilitet: what was said, who raised it, and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation.assessment.habilitet import Ground


class HabilitetQuerySet(models.QuerySet["Habilitet"]):
    """Rows by where they leave the person."""

    def inhabil(self) -> "HabilitetQuerySet":
        """Those in which it is decided that the person is inhabil."""
        return self.filter(is_recused=True)

    def shut_out(self) -> "HabilitetQuerySet":
        """Those that keep the person out: inhabil, or a question that nobody has decided."""
        return self.filter(Q(is_recused=True) | Q(is_pending=True))

    def decided(self) -> "HabilitetQuerySet":
        """Those in which something is decided."""
        return self.filter(is_recused__isnull=False)

    def raised_or_decided(self) -> "HabilitetQuerySet":
        """Those that a body takes up: not the ones in which the person only has answered no."""
        return self.filter(Q(is_pending=True) | Q(is_recused__isnull=False))


class Habilitet(models.Model):
    """A person's habilitet in one application, or in a case of a meeting that is about no application.

    Asked while the application is assessed, or in the meeting; decided by the secretariat, or by a body in its meeting
    (then ``body`` is set). The latest decision stands, also while the question is raised again; the log keeps the
    earlier ones.
    """

    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, null=True, related_name="habilitet"
    )
    # evaluation.meetings.Case; no foreign key, because meetings lie to the right of this room. Cases are never deleted.
    case_id = models.PositiveBigIntegerField("sak", null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # --- what the person has answered; None and null until then
    has_tie = models.BooleanField("har en tilknytning", null=True)
    # [{"ground", "sentence", "is_strong"}]: the ties the portal saw when the person answered.
    suggested = models.JSONField(default=list)
    declared_at = models.DateTimeField(null=True)
    # --- the question, raised by the person or by another
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
            models.CheckConstraint(condition=~Q(has_tie=True) | ~Q(ground=""), name="assessment_tie_has_ground"),
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

    def __str__(self) -> str:
        return f"{self.application_id or self.case_id} {self.person_id}"

    @property
    def ground_label(self) -> str:
        """The ground in words: that of the question while it waits, else that of the decision."""
        ground = (not self.is_pending and self.decided_ground) or self.ground or self.decided_ground or Ground.OTHER
        return str(Ground(ground).label)

    @property
    def is_own_word(self) -> bool:
        """Whether the person has raised it, or has answered so that others must decide."""
        strong = any(tie["is_strong"] for tie in self.suggested)
        return self.raised_by_id == self.person_id or bool(self.has_tie) or strong
