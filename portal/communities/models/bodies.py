"""Bodies, the seats on them, and which body goes on with what one that has ended had."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.decision_rules import DecisionRules, QuorumRule, Rule, Share
from portal.communities.letter_approval import LetterApproval, strictest
from portal.communities.models.organisations import Ending, GoesOn, HealthCommunity, Organisation
from portal.communities.models.people import Term, TermQuerySet
from portal.communities.rights import Rights
from portal.communities.standing import Standing


class BodyKind(models.TextChoices):
    """What a body is for."""

    SSU = "ssu", _("Strategisk samarbeidsutvalg")
    FSU = "fsu", _("Faglig samarbeidsutvalg")
    PM = "pm", _("Partnerskapsmøte")
    SECRETARIAT = "secretariat", _("Sekretariat")
    TILDELINGSUTVALG = "tildelingsutvalg", _("Tildelingsutvalg")


class DecisionRule(models.TextChoices):
    """How the body decides."""

    CONSENSUS = "consensus", _("Konsensus")
    SIMPLE_MAJORITY = "simple_majority", _("Alminnelig flertall")
    DOUBLE_MAJORITY = "double_majority", _("Flertall på begge sider")


class Side(models.TextChoices):
    """Which side of the partnership a seat belongs to."""

    MUNICIPALITY = "municipality", _("Kommune")
    HOSPITAL = "hospital", _("Helseforetak")
    USER = "user", _("Bruker")
    GP = "gp", _("Fastlege")
    UNION = "union", _("Tillitsvalgt")
    OTHER = "other", _("Annen")


class Right(models.TextChoices):
    """What a seat may do in a meeting."""

    VOTE = "vote", _("Stemmerett")
    SPEAK = "speak", _("Møte- og talerett")


class SeatRole(models.TextChoices):
    """The seat's task in the body."""

    CHAIR = "chair", _("Leder")
    VICE_CHAIR = "vice_chair", _("Nestleder")
    MEMBER = "member", _("Medlem")


def serves(standing: Standing, body: str = "body") -> Q:
    """A condition on rows: the person's secretariat serves their body, by the name of the field."""
    communities, regions = standing.secretariat_community_ids, standing.secretariat_region_ids
    return Q(**{f"{body}__community__in": communities}) | Q(**{f"{body}__region__in": regions})


class BodyQuerySet(models.QuerySet["Body"]):
    """The bodies that a person administers or may see."""

    def administered_by(self, standing: Standing) -> "BodyQuerySet":
        """The bodies of the helsefellesskap or the region that the person's secretariat serves."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(region__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: Standing) -> "BodyQuerySet":
        """The bodies that the secretariat administers, and those that the person sits on."""
        administered = self.model.objects.administered_by(standing).values("pk")
        return self.filter(Q(pk__in=administered) | Q(pk__in=standing.body_ids))

    def with_owner(self) -> "BodyQuerySet":
        """With the helsefellesskap or the region of each, and the body that appoints it, in the same query."""
        return self.select_related("community", "region", "appointed_by")


class Body(Ending):
    """A body of one helsefellesskap, or of a region (then ``community`` is empty). Its last day is never to come."""

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=20, choices=BodyKind)
    name = models.CharField(_("navn"), max_length=160)
    abbreviation = models.CharField(_("forkortelse"), max_length=20)
    community = models.ForeignKey(
        HealthCommunity, on_delete=models.PROTECT, null=True, blank=True, related_name="bodies"
    )
    region = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="bodies")
    appointed_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="appoints")
    mandate = models.TextField(_("mandat"), blank=True)
    authority = models.TextField(_("myndighet etter"), blank=True)
    decision_rule = models.CharField(
        _("beslutningsregel"), max_length=20, choices=DecisionRule, default=DecisionRule.CONSENSUS
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("vedtaksført ved"), default=50, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    quorum_needs_both_sides = models.BooleanField(_("begge sider må være til stede"), default=True)
    chair_breaks_ties = models.BooleanField(_("møteleder avgjør ved stemmelikhet"), default=False, db_default=False)
    members_see_votes = models.BooleanField(_("viser hver stemme"), default=True)
    # Empty: two when more than one in the secretariat can approve the letter.
    letter_approval = models.CharField(
        _("godkjenning av brev"), max_length=3, choices=LetterApproval, blank=True, default="", db_default=""
    )
    # What it said before it was last changed, by whom and when; see ``letter_approval_for``.
    letter_approval_before = models.CharField(
        max_length=3, choices=LetterApproval, blank=True, default="", db_default=""
    )
    letter_approval_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letter_approval_at = models.DateTimeField(null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organ")
        constraints = (
            models.CheckConstraint(
                condition=Q(community__isnull=False, region__isnull=True)
                | Q(community__isnull=True, region__isnull=False),
                name="communities_body_of_one",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:body", args=[self.code])

    @property
    def tenant(self) -> HealthCommunity | Organisation:
        """The helsefellesskap or the regional authority whose body it is."""
        owner = self.community or self.region
        assert owner is not None, "the check constraint says one of the two"  # noqa: S101
        return owner

    def letter_approval_for(self, written_by: Collection[int], written_at: datetime) -> str:
        """What the body says of a letter: whoever eased it gains nothing, nor does what was written before.

        ``written_by`` is the writer and those who are no second person beside the writer, by id.
        """
        changed_at = self.letter_approval_at
        if changed_at is None or (self.letter_approval_by_id not in written_by and written_at >= changed_at):
            return self.letter_approval
        return strictest(self.letter_approval, self.letter_approval_before)

    @property
    def line(self) -> BodyQuerySet:
        """The body, and those that have ended and that it goes on from, for conditions on rows of any of them."""
        return Body.objects.filter(Q(pk=self.pk) | Q(continued_by__successor=self.pk))

    @property
    def in_force(self) -> "Body":
        """The body itself; once it has ended, the one that goes on with its cases, if any. No query until then."""
        after = None
        if self.last_day:
            after = Body.objects.filter(continues__predecessor=self.pk, last_day=None).with_owner().first()
        return after or self

    @property
    def decision_rules(self) -> DecisionRules:
        """The body's own rule and quorum, used where no round has set another."""
        quorum = QuorumRule(Share.percent(self.quorum_percent), self.quorum_needs_both_sides)
        rule, breaks_ties = Rule(self.decision_rule), self.chair_breaks_ties
        return DecisionRules(rule, quorum, body=self.name, chair_breaks_ties=breaks_ties)


class BodySuccession(GoesOn):
    """A body goes on with what one that ended had: its cases, lists, packages and projects."""

    predecessor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="continued_by")
    successor = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="continues")

    class Meta(GoesOn.Meta):
        constraints = (
            models.UniqueConstraint(fields=("predecessor", "successor"), name="communities_one_body_after"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="communities_another_body_after"),
        )


class SeatQuerySet(TermQuerySet):
    """The seats that a person administers."""

    def administered_by(self, standing: Standing) -> "SeatQuerySet":
        """The seats on bodies that the person's secretariat serves."""
        return self.filter(body__in=Body.objects.administered_by(standing))

    def acting_for(self, body: Any, day: date) -> TermQuerySet:
        """Those of the day on the body (id), or on one that goes on with what it had; some twice."""
        goes_on = Q(body__continues__predecessor=body, body__continues__from_date__lte=day)
        return self.current(day).filter(Q(body=body) | goes_on)

    def sent_by(self, organisations: Any, day: date) -> TermQuerySet:
        """Those of the day for one of the organisations (ids), or one that goes on from it, in no secretariat."""
        goes_on = Q(organisation__continues__predecessor__in=organisations, organisation__continues__from_date__lte=day)
        sits = self.current(day).filter(Q(organisation__in=organisations) | goes_on)
        return sits.exclude(body__kind=BodyKind.SECRETARIAT)


class Seat(Term):
    """A person's seat on a body for a term. A deputy's seat names the seat that it stands in for."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="seats"
    )
    title = models.CharField(_("stilling"), max_length=120, blank=True)
    side = models.CharField(_("side"), max_length=20, choices=Side)
    right = models.CharField(_("rettighet"), max_length=10, choices=Right, default=Right.VOTE)
    role = models.CharField(_("verv"), max_length=12, choices=SeatRole, default=SeatRole.MEMBER)
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")
    # As in Affiliation.
    given_at = models.DateTimeField(null=True, editable=False)
    # In a secretariat: who alone has given the seat, until a colleague confirms it (``queries.vouching``).
    given_alone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = SeatQuerySet.as_manager()

    class Meta(Term.Meta):
        ordering = ("body", "side", "user__name")
        verbose_name = _("plass")
        constraints = (
            *Term.Meta.constraints,
            models.UniqueConstraint(fields=("body", "user", "from_date"), name="communities_one_seat"),
            models.CheckConstraint(
                condition=Q(deputy_for=None) | ~Q(deputy_for=F("pk")), name="communities_deputy_of_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.body}"

    @property
    def rights(self) -> Rights:
        """What the seat gives, for the rules of ``rights``."""
        return Rights(
            self.from_date,
            self.to_date,
            has_vote=self.has_vote,
            leads=self.role != SeatRole.MEMBER,
            side=self.side,
            stands_in_for=self.deputy_for_id,
        )

    @property
    def is_deputy(self) -> bool:
        """Whether the seat may vote only when the seat that it stands in for is absent."""
        return self.deputy_for_id is not None

    @property
    def has_vote(self) -> bool:
        """Whether the seat votes when it is entitled."""
        return self.right == Right.VOTE
