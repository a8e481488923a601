"""Schemes, frames and rounds, and the rows that other rooms refer to: stages and criteria.

The rows are made from the definition by ``services.load_round`` alone; the definition is what counts.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse

from portal.communities.decision_rules import SHARES, DecisionRules, QuorumRule, Rule
from portal.communities.models import Body, BodyKind, DecisionRule, HealthCommunity, Organisation, User, serves
from portal.communities.queries import officers_of, standing_at
from portal.communities.standing import Standing
from rounds.deadlines import Deadline
from rounds.definition import STORED, RoundDefinition
from rounds.workflow import Phase, phase_at

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

# The parsed definitions of this process by their digest; rounds with the same digest share one definition.
_parsed: OrderedDict[str, RoundDefinition] = OrderedDict()
_MOST_PARSED = 128


def remember_definition(sha256: str, definition: RoundDefinition) -> RoundDefinition:
    """Store a parsed definition in the process; with more than 128 the one used longest ago is dropped."""
    _parsed[sha256] = definition
    _parsed.move_to_end(sha256)
    if len(_parsed) > _MOST_PARSED:
        _parsed.popitem(last=False)
    return definition


class Owned(models.Model):
    """A row that belongs to exactly one helsefellesskap or exactly one region."""

    owner_community = models.ForeignKey(
        HealthCommunity, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_%(class)ss"
    )
    owner_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_%(class)ss"
    )

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(owner_community__isnull=False, owner_organisation__isnull=True)
                | Q(owner_community__isnull=True, owner_organisation__isnull=False),
                name="%(app_label)s_%(class)s_one_owner",
            ),
        )

    @property
    def owner(self) -> HealthCommunity | Organisation:
        """The helsefellesskap or the region that it belongs to."""
        owner = self.owner_community or self.owner_organisation
        if owner is None:
            raise ValueError(f"a {type(self).__name__.lower()} without an owner")
        return owner


class Scheme(Owned):
    """A permanent grant scheme (R11). The schemes of two owners may have the same code."""

    code = models.SlugField(max_length=60)
    name = models.CharField("navn", max_length=200)
    purpose = models.TextField("formål", blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "tilskuddsordning"
        constraints = (
            *Owned.Meta.constraints,
            models.UniqueConstraint(fields=("code", "owner_community"), name="rounds_one_scheme_community"),
            models.UniqueConstraint(fields=("code", "owner_organisation"), name="rounds_one_scheme_organisation"),
        )

    def __str__(self) -> str:
        return self.name


class Frame(Owned):
    """The money of a year, in whole kroner, shared by the rounds of the owner that name it (R2, R6).

    The amount is None while it is unknown.
    """

    code = models.SlugField(max_length=60, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="frames")
    year = models.PositiveSmallIntegerField("år")
    amount = models.PositiveBigIntegerField("beløp", null=True, blank=True)
    provisional = models.BooleanField("foreløpig", default=False)

    class Meta:
        ordering = ("-year", "code")
        verbose_name = "ramme"
        constraints = Owned.Meta.constraints

    def __str__(self) -> str:
        return self.code


class RoundQuerySet(models.QuerySet["Round"]):
    """The rounds that a person may see or handles."""

    def announced(self, now: datetime) -> "RoundQuerySet":
        """The announced rounds, which the public may see; those that are taken away are left out."""
        return self.filter(announced_at__lte=now, withdrawn_at=None)

    def visible_to(self, user: Any, now: datetime) -> "RoundQuerySet":
        """The announced rounds, and for a secretariat also its own before they are announced, and when taken away."""
        standing = standing_at(user, now)
        if not standing.is_officer:
            return self.announced(now)
        regions = standing.secretariat_region_ids
        return self.filter(
            Q(announced_at__lte=now, withdrawn_at=None)
            | Q(owner_community__in=standing.secretariat_community_ids)
            | Q(owner_organisation__in=regions)
            | Q(owner_community__region__in=regions)
        )

    def handled_by(self, standing: Standing) -> "RoundQuerySet":
        """The rounds in which the person's secretariat handles a stage, or serves the region that owns the round."""
        stages = Stage.objects.handled_by(standing).values("round")
        return self.filter(Q(pk__in=stages) | Q(owner_organisation__in=standing.secretariat_region_ids))

    def received_by(self, standing: Standing) -> "RoundQuerySet":
        """The rounds in which the person's secretariat receives applications, since it handles the first stage."""
        first_stages = Stage.objects.handled_by(standing).filter(position=0)
        return self.filter(pk__in=first_stages.values("round"), withdrawn_at=None)

    def with_owner(self) -> "RoundQuerySet":
        """The rounds with the related rows that a list shows."""
        return self.select_related("frame", "scheme", "owner_community", "owner_organisation")


class Round(Owned):
    """One announced call, owned by a helsefellesskap, or by a region for all helsefellesskap of the region."""

    code = models.SlugField("kode", max_length=60, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rounds")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="rounds")
    title = models.CharField("tittel", max_length=500)
    language = models.CharField("språk", max_length=5, default="nb")
    communities = models.ManyToManyField(HealthCommunity, through="RoundCommunity", related_name="rounds")
    announced_at = models.DateTimeField("utlyst")
    opens_at = models.DateTimeField("åpner")
    closes_at = models.DateTimeField("søknadsfrist")
    forward_by = models.DateTimeField("oversendes innen", null=True, blank=True)
    version = models.PositiveIntegerField("versjon", default=1)
    # The definition as it was loaded last (``documents.ROUND``). Its SHA-256 stands here too: under it the parsed
    # definition is remembered, and no page reads the document for it.
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    definition_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField("publisert")
    # Set with the first draft. After that only fair changes are accepted (services.load_round).
    locked_at = models.DateTimeField("låst", null=True, blank=True)
    # Set while the round is taken away: only its secretariats see it (services.withdraw_round).
    withdrawn_at = models.DateTimeField("tatt bort", null=True, blank=True)
    # Set for good when a round that somebody has begun to apply in is cancelled (applications.services.cancelling).
    cancelled_at = models.DateTimeField("trukket", null=True, blank=True)
    cancelled_because = models.TextField("hvorfor den ble trukket", blank=True, default="", db_default="")

    objects = RoundQuerySet.as_manager()

    if TYPE_CHECKING:
        stages: RelatedManager["Stage"]
        round_communities: RelatedManager["RoundCommunity"]

    class Meta:
        ordering = ("-closes_at", "code")
        verbose_name = "søknadsrunde"
        constraints = (
            *Owned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(announced_at__lte=F("opens_at"), opens_at__lt=F("closes_at")), name="rounds_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rounds:detail", args=(self.code,))

    @property
    def is_locked(self) -> bool:
        """Whether somebody has begun to apply."""
        return self.locked_at is not None

    @cached_property
    def spec(self) -> RoundDefinition:
        """The definition, parsed once in a process."""
        if self.definition_sha256 in _parsed:
            return remember_definition(self.definition_sha256, _parsed[self.definition_sha256])
        return remember_definition(
            self.definition_sha256, RoundDefinition.model_validate(self.definition, context=STORED)
        )

    @property
    def definition(self) -> dict[str, Any]:
        """The definition of the current version as plain data; a query."""
        data: dict[str, Any] = self.document.snapshot
        return data

    @cached_property
    def first_stage(self) -> "Stage":
        """The stage that every application begins in, with its body."""
        return self.stages.select_related("body").order_by("position")[0]

    def is_received_by(self, standing: Standing, community_id: int) -> bool:
        """Whether the person's secretariat receives and checks the round's applications to the helsefellesskap (id).

        No query unless the round names the body of its first stage.
        """
        if self.spec.stages[0].body is None:
            return community_id in standing.secretariat_community_ids
        return self.first_stage.is_handled_by(standing, community_id)

    @property
    def noun_context(self) -> str:
        """The gettext context of sentences about what is applied with (``rounds.nouns``)."""
        return self.spec.form.noun.context

    def receiving_officers(self, day: date) -> "models.QuerySet[User]":
        """The people in the secretariat of the body that the round names for its first stage, if it names one.

        No query when it names none.
        """
        if self.spec.stages[0].body is None:
            return User.objects.none()
        return officers_of(self.first_stage.body, day) if self.first_stage.body else User.objects.none()

    def phase_at(self, now: datetime, deadline: Deadline | None = None) -> Phase:
        """The phase at the moment, for the person whose deadline it is; without one, by the round's own."""
        if self.cancelled_at and now >= self.cancelled_at:
            return Phase.CANCELLED
        closes = deadline.at if deadline else self.closes_at
        return phase_at(now, announced=self.announced_at, opens=self.opens_at, closes=closes)

    def closes_for(self, community: HealthCommunity) -> datetime:
        """The deadline for applications to this helsefellesskap."""
        receiving = self.spec.community(community.code)
        return receiving.closes if receiving and receiving.closes else self.closes_at

    @property
    def closes_last(self) -> datetime:
        """The last deadline of all the helsefellesskap."""
        return max([self.closes_at, *(item.closes for item in self.spec.communities if item.closes)])

    def report_body(self, community: HealthCommunity) -> Body | None:
        """The body that the evaluations of applications to this helsefellesskap go to.

        This is the helsefellesskap's own body of the kind that the round names: the one of a stage when it has
        several. When it has none, it is a body of that kind in a stage. One that has ended leaves them to the body that
        goes on from it.
        """
        kind = self.spec.follow_up.report_to
        named = Body.objects.filter(stages__round=self, kind=kind).order_by("-stages__position")
        of_community = community.bodies.filter(Q(last_day=None) | Q(stages__round=self), kind=kind).annotate(
            position=Max("stages__position", filter=Q(stages__round=self))
        )
        body = of_community.order_by(F("position").desc(nulls_last=True), "pk").first() or named.first()
        return body and body.in_force

    def receiver_for(self, community: HealthCommunity) -> "Receiver":
        """The addresses for mail to the helsefellesskap about the round: the round's own, else the register's.

        One query, none when the round was read with ``round_communities`` (R14, R21, R32).
        """
        rows = self.round_communities.all()
        round_community = next((row for row in rows if row.community_id == community.pk), None)
        return Receiver(
            (round_community and round_community.receiver_email) or community.post_address,
            (round_community and round_community.copy_email) or community.copy_address,
        )


@dataclass(frozen=True, slots=True)
class Receiver:
    """The address for mail to a helsefellesskap, and the address for the copy."""

    address: str
    copy: str

    @property
    def addresses(self) -> list[str]:
        """Both, or one when they are the same or there is no copy: each gets a mail of its own."""
        return list(dict.fromkeys(address for address in (self.address, self.copy) if address))


class RoundCommunity(models.Model):
    """A helsefellesskap that receives applications to the round, and its addresses (R14, R32)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="round_communities")
    community = models.ForeignKey(HealthCommunity, on_delete=models.PROTECT, related_name="round_communities")
    receiver_role = models.CharField("mottaker", max_length=500)
    receiver_email = models.EmailField("postmottak")
    copy_role = models.CharField("kopimottaker", max_length=500)
    copy_email = models.EmailField("kopi til")
    closes_at = models.DateTimeField("egen frist", null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("round", "position")
        verbose_name = "mottakende helsefellesskap"
        constraints = (models.UniqueConstraint(fields=("round", "community"), name="rounds_one_community"),)

    def __str__(self) -> str:
        return f"{self.round_id} {self.community_id}"


class StageQuerySet(models.QuerySet["Stage"]):
    """The stages that a secretariat handles."""

    def handled_by(self, standing: Standing) -> "StageQuerySet":
        """The stages at a body that the person's secretariat serves, and those at the body of each helsefellesskap."""
        communities = standing.secretariat_community_ids
        received = RoundCommunity.objects.filter(community__in=communities).values("round")
        return self.filter(Q(body=None, round__in=received) | serves(standing))


class Stage(models.Model):
    """A stage of the round at one body; without ``body``, at the body of the kind in each helsefellesskap."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stages")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name = models.CharField("navn", max_length=500)
    body_kind = models.CharField("organtype", max_length=20, choices=BodyKind)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="stages")
    deadline_at = models.DateTimeField("frist", null=True, blank=True)
    # How the body decides at this stage. Where these are empty, the body's own rule and quorum are used.
    decision_rule = models.CharField("beslutningsregel", max_length=20, choices=DecisionRule, blank=True)
    quorum_share = models.CharField(
        "vedtaksført ved", max_length=20, choices=[(name, name) for name in SHARES], blank=True
    )
    quorum_both_sides = models.BooleanField("begge sider må være til stede", null=True)
    scoring = models.CharField("poengsetting", max_length=12)

    objects = StageQuerySet.as_manager()

    if TYPE_CHECKING:
        criteria: RelatedManager["Criterion"]

    class Meta:
        ordering = ("round", "position")
        verbose_name = "trinn"
        constraints = (
            models.UniqueConstraint(fields=("round", "code"), name="rounds_one_stage"),
            models.CheckConstraint(condition=Q(body_kind__in=BodyKind.values), name="rounds_stage_body_kind"),
            models.CheckConstraint(
                condition=Q(quorum_share="", quorum_both_sides=None)
                | (~Q(quorum_share="") & Q(quorum_both_sides__isnull=False)),
                name="rounds_stage_whole_quorum",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def receiver_of(self, community_id: int) -> int | None:
        """The helsefellesskap (id) that handles applications to this one in the stage; None when a region does."""
        return self.body.community_id if self.body else community_id

    def is_handled_by(self, standing: Standing, community_id: int) -> bool:
        """Whether the person's secretariat handles applications to this helsefellesskap in the stage."""
        if self.body:
            return standing.is_secretariat_of(self.body)
        return community_id in standing.secretariat_community_ids

    def body_for(self, community: HealthCommunity | None) -> Body | None:
        """The body that handles the applications to this helsefellesskap in the stage; not one that has ended.

        None when the stage names no body and the helsefellesskap has none of the kind, or when it comes after a
        stage of the region (``community`` is None): what a region has ranked together cannot be divided again.
        """
        if self.body or community is None:
            return self.body and self.body.in_force
        return community.bodies.filter(kind=self.body_kind, last_day=None).order_by("pk").first()

    def is_at(self, body: Body, community: int | None) -> bool:
        """Whether the body, or one that it goes on from, handles the applications to this helsefellesskap (id) here."""
        if self.body_id or community is None:
            return self.body_id is not None and body.line.filter(pk=self.body_id).exists()
        return body.community_id == community and body.kind == self.body_kind

    def decision_rules(self, body: Body) -> DecisionRules:
        """How the body decides at this stage: by the rules of the round, else by the body's own rule and quorum."""
        rule = Rule(self.decision_rule) if self.decision_rule else None
        quorum = QuorumRule(SHARES[self.quorum_share], bool(self.quorum_both_sides)) if self.quorum_share else None
        return body.decision_rules.at_stage(self.name, rule, quorum)


class Criterion(models.Model):
    """A criterion in a stage, so that scores can refer to a row. Text and anchors are in ``Round.spec``."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField("tittel", max_length=500)
    kind = models.CharField("type", max_length=12)
    weight = models.DecimalField("vekt", max_digits=7, decimal_places=3, null=True, blank=True)
    scale_min = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    scale_max = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    scale_step = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(1))
    threshold = models.DecimalField("terskel", max_digits=7, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ("stage", "position")
        verbose_name = "kriterium"
        constraints = (models.UniqueConstraint(fields=("stage", "code"), name="rounds_one_criterion"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_scored(self) -> bool:
        """Whether assessors give points for it."""
        return self.kind == "scored"
