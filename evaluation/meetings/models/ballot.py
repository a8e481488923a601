"""A ballot on a proposal, and the votes in it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.meetings.models.meeting_case import Case
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from rounds.outcomes import AWARD_CODES, PROPOSABLE, proposed_choices


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


def words_of(*, is_consensus: bool) -> dict[str, str]:
    """What each answer is called under consensus, or under a majority."""
    words = CONSENSUS_WORDS if is_consensus else {choice: choice.label for choice in Choice}
    return {str(choice): str(word) for choice, word in words.items()}


class BallotStatus(models.TextChoices):
    """The status of a ballot."""

    OPEN = "open", _("Åpen")
    CLOSED = "closed", _("Lukket")


def outcome_and_amount() -> Q:
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
            models.CheckConstraint(condition=outcome_and_amount(), name="meetings_ballot_amount_when_awarded"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.opened_at:%H:%M}"

    @property
    def is_carried(self) -> bool:
        """Whether it is closed, and its proposal was adopted."""
        return self.status == BallotStatus.CLOSED and bool((self.result or {}).get("is_adopted"))

    @property
    def is_by_hands(self) -> bool:
        """Whether hands were counted: then only those are named who asked for it."""
        return bool((self.result or {}).get("by_hands"))

    @property
    def told_voters(self) -> list[dict[str, Any]]:
        """Who could vote, with what each answered; in a show of hands those who are named."""
        entitled = (self.electorate or {}).get("entitled", [])
        return [person for person in entitled if person["choice"] or not self.is_by_hands]

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
        return words_of(is_consensus=self.is_consensus)


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
