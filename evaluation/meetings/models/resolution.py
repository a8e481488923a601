"""The resolution of a case, and what it said before it was corrected."""

from django.conf import settings
from django.db import models

from evaluation.meetings.models.ballot import Ballot, outcome_and_amount
from evaluation.meetings.models.meeting_case import Case
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from rounds.outcomes import proposed_choices


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
            models.CheckConstraint(condition=outcome_and_amount(), name="meetings_resolution_amount_when_awarded"),
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
