"""A person's new e-mail address: proved by a link to it, and told to the old one, which stays as a former address."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.acts import act, held
from portal.communities.models import FormerAddress, User, plain_address
from portal.communities.queries import has_address
from portal.errors import DomainError
from portal.journal.services import record
from portal.mail.services import queue

SALT = "portal.communities.new-address"


class AddressError(DomainError):
    """The person cannot have this address."""


@act
def ask_for_address(user: User, address: str, *, at: datetime) -> None:
    """Send a link to the new address; nothing changes before it is followed. Nothing is told in the log.

    Nothing is sent to an address that is another's, and the person is not told: who has an account is nobody's to know.
    Raises AddressError when it is the address that the person has.
    """
    address = plain_address(address)
    if address == user.email:
        raise AddressError(_("Dette er adressen du har."))
    if has_address(address, but=user):
        return
    token = signing.dumps({"user": user.pk, "before": user.email, "after": address}, salt=SALT)
    queue(
        "new_address",
        recipient=address,
        about=user,
        context={
            "name": user.name,
            "address": address,
            "link": settings.SITE_URL + reverse("portal:confirm_address", args=[token]),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        },
        at=at,
        key=f"new_address:{user.pk}:{address}:{at.isoformat()}",
        language=user.language,
    )


def address_in(token: str, user: User) -> str | None:
    """The address that the link proves for the person; None when it is too old, used, or another's."""
    try:
        said = signing.loads(token, salt=SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return None
    is_theirs = (said["user"], said["before"]) == (user.pk, user.email)
    return str(said["after"]) if is_theirs else None


@act
def take_address(user: User, token: str, *, at: datetime) -> User:
    """Give the person the address that the link proves. Journal: ``person.address_changed`` with both addresses.

    The old address is told, and kept: contacts and answers that name it are the person's, and mail to it follows.
    Raises AddressError when the link is too old or used, or somebody has got the address meanwhile.
    """
    user = held(User.objects.filter(pk=user.pk)).get()
    address = address_in(token, user)
    if address is None:
        raise AddressError(_("Lenken er brukt eller for gammel. Be om en ny."))
    if has_address(address, but=user):
        raise AddressError(_("Adressen er i bruk. Skriv til sekretariatet."))
    before = user.email
    # The person may have had the new address before.
    FormerAddress.objects.filter(user=user, email=address).delete()
    FormerAddress.objects.create(user=user, email=before, until=at)
    user.email = address
    user.save(update_fields=["email"])
    # The sign-in library keeps the addresses that it has met, and signs in by those too.
    EmailAddress.objects.filter(user=user).delete()
    record("person.address_changed", subject=user, by=user, at=at, before=before, after=address)
    queue(
        "person_address_changed",
        recipient=before,
        about=user,
        context={"name": user.name, "before": before, "after": address},
        at=at,
        key=f"person_address_changed:{user.pk}:{at.isoformat()}",
        language=user.language,
    )
    return user
