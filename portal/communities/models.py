"""People, organisations, helsefellesskap and bodies, and affiliations and seats with their terms."""

import unicodedata
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.no import orgnr as stdnum_orgnr

from portal.communities.decision_rules import DecisionRules, QuorumRule, Rule, Share
from portal.communities.letter_approval import LetterApproval, strictest
from portal.communities.rights import Rights
from portal.communities.standing import Standing


def validate_orgnr(value: str) -> None:
    """Nine digits with the right control digit (Brønnøysund's modulus 11)."""
    if not stdnum_orgnr.is_valid(value) or not value.isdigit():
        raise ValidationError(_("Organisasjonsnummeret må ha ni sifre og gyldig kontrollsiffer."))


class OrganisationKind(models.TextChoices):
    """The kind of organisation; the two sides are municipality and hospital trust."""

    MUNICIPALITY = "municipality", _("Kommune")
    HOSPITAL_TRUST = "hospital_trust", _("Helseforetak")
    REGIONAL_AUTHORITY = "regional_authority", _("Regionalt helseforetak")
    USER_ORGANISATION = "user_organisation", _("Bruker- og pårørendeorganisasjon")
    GP_PRACTICE = "gp_practice", _("Fastlegekontor")
    OTHER = "other", _("Annen")


class HealthCommunityQuerySet(models.QuerySet["HealthCommunity"]):
    """The helsefellesskap that a person serves."""

    def visible_to(self, standing: Standing) -> "HealthCommunityQuerySet":
        """The helsefellesskap whose secretariat the person is in."""
        return self.filter(pk__in=standing.secretariat_community_ids)


class HealthCommunity(models.Model):
    """A helsefellesskap: a hospital trust and its municipalities. Every one is a tenant."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("navn"), max_length=120)
    region = models.ForeignKey(
        "Organisation", on_delete=models.PROTECT, related_name="communities_in_region", verbose_name=_("region")
    )
    post_receiver = models.CharField(_("postmottak, ved"), max_length=120, blank=True)
    post_address = models.EmailField(_("e-post til postmottak"))
    copy_receiver = models.CharField(_("kopi til"), max_length=120, blank=True)
    copy_address = models.EmailField(_("e-post for kopi"), blank=True)

    objects = HealthCommunityQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("helsefellesskap")

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """The organisations that a person administers or may see."""

    def administered_by(self, standing: Standing) -> "OrganisationQuerySet":
        """The organisations and regional authorities that the person's secretariat serves."""
        return self.filter(
            Q(community__in=standing.secretariat_community_ids) | Q(pk__in=standing.secretariat_region_ids)
        )

    def visible_to(self, standing: Standing) -> "OrganisationQuerySet":
        """The organisations that the secretariat administers, and those that the person belongs to."""
        administered = self.model.objects.administered_by(standing).values("pk")
        return self.filter(Q(pk__in=administered) | Q(pk__in=standing.organisation_ids))

    def current(self, day: date) -> "OrganisationQuerySet":
        """The organisations that exist on the day; the last day counts."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=day))

    def with_community(self) -> "OrganisationQuerySet":
        """With the helsefellesskap of each, in the same query."""
        return self.select_related("community")


class Organisation(models.Model):
    """A legal entity or practice that can be a partner, payee or lead, or have a seat on a body."""

    kind = models.CharField(_("type"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("navn"), max_length=160)
    parallel_name = models.CharField(_("parallelt navn"), max_length=160, blank=True)
    orgnr = models.CharField(
        _("organisasjonsnummer"), max_length=9, unique=True, null=True, blank=True, validators=[validate_orgnr]
    )
    email = models.EmailField(_("postmottak"), blank=True)
    kommunenr = models.CharField(_("kommunenummer"), max_length=4, unique=True, null=True, blank=True)
    county = models.CharField(_("fylke"), max_length=60, blank=True)
    community = models.ForeignKey(
        HealthCommunity, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    membership_is_inferred = models.BooleanField(_("tilhørigheten er ikke bekreftet"), default=False)
    hospital_area = models.CharField(_("DPS-område eller helseregion"), max_length=60, blank=True)
    sami_area = models.CharField(_("samisk forvaltningsområde"), max_length=20, blank=True)
    # Organisations merge and split: the row stays, and ``Succession`` says who goes on with what it had.
    last_day = models.DateField(_("siste dag"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisasjon")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:organisation", args=[self.pk])

    @property
    def code(self) -> str:
        """The code of a regional authority in the log: its organisation number."""
        return self.orgnr or ""

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap that it belongs to; for a regional authority itself."""
        return self.community or self

    @property
    def post_address(self) -> str:
        """The organisation's own e-mail; where it has none, that of its helsefellesskap. May be empty."""
        return self.email or (self.community.post_address if self.community else "")

    @property
    def is_legal_entity(self) -> bool:
        """Whether it can be lead and receive money."""
        return bool(self.orgnr)

    def has_ended(self, day: date) -> bool:
        """Whether its last day was before the day."""
        return self.last_day is not None and self.last_day < day


class Succession(models.Model):
    """An organisation goes on with what one that ended had: its applications, projects and mail, from the day."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="continued_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="continues")
    from_date = models.DateField(_("fra og med"))
    # As in Affiliation: who was out of a case by then gets nothing of that case by the succession.
    given_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("predecessor", "successor"), name="communities_one_succession"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="communities_successor_is_another"),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


def in_term(from_date: date, to_date: date | None, day: date) -> bool:
    """Whether the term includes the day; the last day counts."""
    return from_date <= day and (to_date is None or to_date >= day)


class TermQuerySet(models.QuerySet[Any]):
    """Rows with a term."""

    def current(self, day: date) -> "TermQuerySet":
        """The rows whose term includes the day, as ``in_term`` says."""
        return self.filter(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day)


class Term(models.Model):
    """A term: from a date, to and including a date, or until further notice (local dates)."""

    from_date = models.DateField(_("fra og med"))
    to_date = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="%(app_label)s_%(class)s_term",
                violation_error_message=_("Siste dag kan ikke være før første dag."),
            ),
        )


def plain_address(text: str) -> str:
    """An e-mail address in the one form that the register keeps: no outer spaces, small letters, no wide letters."""
    return unicodedata.normalize("NFKC", text).strip().lower()


class UserManager(BaseUserManager["User"]):
    """Creates users; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user that may sign in."""
        user = self.model(email=plain_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with every right in the portal's administration."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What the person may do follows from affiliations and seats, never from a flag here."""

    email = models.EmailField(_("e-post"), unique=True)
    name = models.CharField(_("navn"), max_length=120)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    language = models.CharField(_("språk"), max_length=5, default="nb")
    is_active = models.BooleanField(_("kan logge inn"), default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ("name", "email")
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.email

    def get_absolute_url(self) -> str:
        return reverse("portal:person", args=[self.pk])

    def get_full_name(self) -> str:
        """The name; used by mails and the sign-in library."""
        return self.name


class AffiliationQuerySet(TermQuerySet):
    """The affiliations that a person administers."""

    def administered_by(self, standing: Standing) -> "AffiliationQuerySet":
        """The affiliations to organisations that the person's secretariat serves."""
        return self.filter(organisation__in=Organisation.objects.administered_by(standing))


class Affiliation(Term):
    """A person's affiliation to an organisation; ``may_sign`` is the authority to bind it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    title = models.CharField(_("stilling"), max_length=120)
    may_sign = models.BooleanField(_("kan signere"), default=False)
    # When the secretariat gave the place, and the authority to sign; null in rows from before this was kept. A person
    # who was out of a case by then gets nothing of that case by it (``Standing.before``).
    given_at = models.DateTimeField(null=True, editable=False)
    signing_given_at = models.DateTimeField(null=True, editable=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta(Term.Meta):
        ordering = ("organisation__name", "user__name")
        constraints = (
            *Term.Meta.constraints,
            models.UniqueConstraint(fields=("user", "organisation", "from_date"), name="communities_one_affiliation"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"

    @property
    def rights(self) -> Rights:
        """What the affiliation gives, for the rules of ``rights``."""
        return Rights(self.from_date, self.to_date, may_sign=self.may_sign)


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

    def letter_approval_for(self, written_by_id: int | None, written_at: datetime) -> str:
        """What the body says of a letter: whoever eased it gains nothing, nor does what was written before."""
        changed_at = self.letter_approval_at
        if changed_at is None or (written_by_id != self.letter_approval_by_id and written_at >= changed_at):
            return self.letter_approval
        return strictest(self.letter_approval, self.letter_approval_before)

    @property
    def decision_rules(self) -> DecisionRules:
        """The body's own rule and quorum, used where no round has set another."""
        quorum = QuorumRule(Share.percent(self.quorum_percent), self.quorum_needs_both_sides)
        return DecisionRules(Rule(self.decision_rule), quorum, body=self.name)


class SeatQuerySet(TermQuerySet):
    """The seats that a person administers."""

    def administered_by(self, standing: Standing) -> "SeatQuerySet":
        """The seats on bodies that the person's secretariat serves."""
        return self.filter(body__in=Body.objects.administered_by(standing))


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
