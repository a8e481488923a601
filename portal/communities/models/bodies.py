"""Bodies and seats: SSU, FSU, partnership meeting, secretariat and Tildelingsutvalg are data, not code (R18, R26)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.decision_rules import DecisionRules, QuorumRule, Rule, Share
from portal.communities.models.organisations import HealthCommunity, Organisation
from portal.communities.models.terms import Term, TermQuerySet

if TYPE_CHECKING:
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


class BodyQuerySet(models.QuerySet["Body"]):
    """Which bodies a person may look up."""

    def administered_by(self, standing: "Standing") -> "BodyQuerySet":
        """Those of the helsefellesskap or the region that the person's secretariat serves."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(region__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: "Standing") -> "BodyQuerySet":
        """Those that the secretariat administers, and those that the person sits on."""
        administered = self.model.objects.administered_by(standing).values("pk")
        return self.filter(Q(pk__in=administered) | Q(pk__in=standing.body_ids))


class Body(models.Model):
    """A body of one helsefellesskap, or of a region (then ``community`` is empty)."""

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
    members_see_votes = models.BooleanField(_("viser hver stemme"), default=True)

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

    @property
    def decision_rules(self) -> DecisionRules:
        """The body's own rule and quorum: what holds where no round has set anything else."""
        quorum = QuorumRule(Share.percent(self.quorum_percent), self.quorum_needs_both_sides)
        return DecisionRules(Rule(self.decision_rule), quorum, body=self.name)


class SeatQuerySet(TermQuerySet):
    """Which seats a person may administer."""

    def administered_by(self, standing: "Standing") -> "SeatQuerySet":
        """Those on bodies that the person's secretariat serves."""
        return self.filter(body__in=Body.objects.administered_by(standing))


class Seat(Term):
    """A person's place on a body for a term. A deputy's seat names the seat it stands in for."""

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
    def is_deputy(self) -> bool:
        """Whether the seat is entitled only when the one it stands in for is away."""
        return self.deputy_for_id is not None

    @property
    def has_vote(self) -> bool:
        """Whether the seat votes when it is entitled."""
        return self.right == Right.VOTE
