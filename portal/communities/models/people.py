"""The people who sign in, and the organisations they act for."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.models.organisations import Organisation
from portal.communities.models.terms import Term, TermQuerySet

if TYPE_CHECKING:
    from portal.communities.standing import Standing


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user that may sign in."""
        user = self.model(email=email.strip().lower(), **fields)
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
    """Which affiliations a person may administer."""

    def administered_by(self, standing: "Standing") -> "AffiliationQuerySet":
        """Those to organisations that the person's secretariat serves."""
        return self.filter(organisation__in=Organisation.objects.administered_by(standing))


class Affiliation(Term):
    """A person's place in an organisation; ``may_sign`` is the authority to bind it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    title = models.CharField(_("stilling"), max_length=120)
    may_sign = models.BooleanField(_("kan signere"), default=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta(Term.Meta):
        ordering = ("organisation__name", "user__name")
        constraints = (
            *Term.Meta.constraints,
            models.UniqueConstraint(fields=("user", "organisation", "from_date"), name="communities_one_affiliation"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"
