"""Persons, their affiliations to organisations, and what a term is."""

import unicodedata
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.models.organisations import Organisation
from portal.communities.rights import Rights
from portal.communities.standing import Standing


def in_term(from_date: date, to_date: date | None, day: date) -> bool:
    """Whether the term includes the day; the last day counts."""
    return from_date <= day and (to_date is None or to_date >= day)


class TermQuerySet(models.QuerySet[Any]):
    """Rows with a term."""

    def unfinished(self, day: date) -> "TermQuerySet":
        """The rows whose term includes the day, or begins later."""
        return self.filter(Q(to_date=None) | Q(to_date__gte=day))

    def current(self, day: date) -> "TermQuerySet":
        """The rows whose term includes the day, as ``in_term`` says."""
        return self.unfinished(day).filter(from_date__lte=day)


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


class FormerAddress(models.Model):
    """An e-mail address that a person had: what is written with it is about the person, and mail to it follows."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="former_addresses")
    email = models.EmailField(unique=True)
    until = models.DateTimeField()

    class Meta:
        ordering = ("-until", "-pk")

    def __str__(self) -> str:
        return self.email


def address_now(name: str) -> Coalesce:
    """The address in the row's field as it is now, in small letters: where a person has a new one, the new one."""
    former = FormerAddress.objects.filter(email=Lower(OuterRef(name)))
    return Coalesce(Subquery(former.values("user__email")[:1]), Lower(name))


class AffiliationQuerySet(TermQuerySet):
    """The affiliations that a person administers."""

    def administered_by(self, standing: Standing) -> "AffiliationQuerySet":
        """The affiliations to organisations that the person's secretariat serves."""
        return self.filter(organisation__in=Organisation.objects.administered_by(standing))

    def acting_for(self, organisations: Any, day: date) -> TermQuerySet:
        """Those of the day to one of the organisations (ids), or to one that goes on with what it had; some twice."""
        goes_on = Q(organisation__continues__predecessor__in=organisations, organisation__continues__from_date__lte=day)
        return self.current(day).filter(Q(organisation__in=organisations) | goes_on)


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
