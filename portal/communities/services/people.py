"""Inviting people, and their affiliations to organisations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.acts import act
from portal.cells import Base
from portal.communities.models import Affiliation, HealthCommunity, Organisation, User, plain_address
from portal.communities.queries import user_with_email
from portal.communities.rights import Rights, gains
from portal.communities.services.changes import hold, set_changed
from portal.communities.services.places import date_given, require_given_by_colleague, tell_of_place
from portal.communities.services.terms import check_term, check_within, end_term, overlapping
from portal.errors import DomainError
from portal.journal.services import record
from portal.mail.services import queue


class PersonError(DomainError):
    """The person cannot be invited or given this affiliation."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The person who gets an affiliation or a seat, found by the e-mail address; the name is for a new person."""

    email: str
    name: str


@act
def find_or_invite(invited: Invited, *, tenant: HealthCommunity | Organisation, by: User | None, at: datetime) -> User:
    """The person with this address, invited by mail if new.

    Journal: ``person.invited``. A person who has an account keeps name and password.
    """
    email = plain_address(invited.email)
    known = user_with_email(email)
    if known:
        return known
    user = User.objects.create_user(email, name=invited.name.strip())
    record("person.invited", subject=user, by=by, at=at, community=tenant)
    _queue_invitation(user, at=at)
    return user


@act
def send_invitation(user: User, *, tenant: HealthCommunity | Organisation, by: User, at: datetime) -> None:
    """Send a new link to choose a password to somebody who has not chosen one.

    Raises PersonError when the person has a password: such a person uses «Glemt passord».
    """
    if user.has_usable_password():
        raise PersonError(_("%(name)s har allerede valgt passord, og kan bruke «Glemt passord».") % {"name": user.name})
    _queue_invitation(user, at=at)
    record("person.invited", subject=user, by=by, at=at, community=tenant)


def _queue_invitation(user: User, *, at: datetime) -> None:
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    queue(
        "invitation",
        recipient=user.email,
        about=user,
        context={
            "name": user.name,
            "link": settings.SITE_URL + path,
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            "reset_link": settings.SITE_URL + reverse("account_reset_password"),
        },
        at=at,
        key=f"invitation:{user.pk}:{at.isoformat()}",
        language=user.language,
    )


@act
def add_affiliation(
    organisation: Organisation, invited: Invited, fields: dict[str, Any], *, by: User, at: datetime
) -> Affiliation:
    """Give a person an affiliation to the organisation: ``title``, ``may_sign``, ``from_date``, ``to_date``.

    Journal: ``affiliation.added``. Raises PersonError when the person has one in the same period or the organisation
    has ended, and OwnRightError when the person is ``by``. The person and the organisation are told by mail.
    """
    user = find_or_invite(invited, tenant=organisation.tenant, by=by, at=at)
    affiliation = Affiliation(user=user, organisation=organisation, **fields)
    _save(affiliation, None, by=by, at=at)
    _record("affiliation.added", affiliation, by=by, at=at, **_rights(None, affiliation))
    return affiliation


@act
def change_affiliation(
    affiliation: Affiliation, fields: dict[str, Any], *, by: User, at: datetime, base: Base | None = None
) -> Affiliation:
    """Change title, authority to sign or term. Journal: ``affiliation.changed`` with the names of the fields.

    Raises OwnRightError when ``by`` gains by it, and WrittenMeanwhileError when others have changed the same since the
    page of ``base`` was opened. Whoever gets or loses a right is told by mail, and the organisation.
    """
    hold(affiliation)
    before = affiliation.rights
    told = (affiliation.organisation, "affiliation.changed")
    changed = set_changed(affiliation, fields, base, told=told, by=by)
    _save(affiliation, before, by=by, at=at)
    if changed:
        _record("affiliation.changed", affiliation, by=by, at=at, fields=changed, **_rights(before, affiliation))
    return affiliation


@act
def end_affiliation(affiliation: Affiliation, last_day: date, *, by: User, at: datetime) -> Affiliation:
    """End the affiliation on the last day; the row stays as history. Journal: ``affiliation.ended``."""
    before = affiliation.rights
    end_term(affiliation, last_day, error=PersonError)
    tell_of_place(affiliation, before, by=by, at=at)
    _record("affiliation.ended", affiliation, by=by, at=at)
    return affiliation


def _save(affiliation: Affiliation, before: Rights | None, *, by: User, at: datetime) -> None:
    require_given_by_colleague(affiliation, gains(before, affiliation.rights), by)
    check_term(affiliation, error=PersonError)
    check_within(affiliation, affiliation.organisation, error=PersonError)
    others = Affiliation.objects.filter(user=affiliation.user_id, organisation=affiliation.organisation_id)
    if overlapping(others, affiliation).exists():
        raise PersonError(
            _("%(name)s er allerede tilknyttet %(organisation)s i denne perioden.")
            % {"name": affiliation.user.name, "organisation": affiliation.organisation}
        )
    date_given(affiliation, before, at)
    affiliation.save()
    tell_of_place(affiliation, before, by=by, at=at)


def _rights(before: Rights | None, affiliation: Affiliation) -> dict[str, list[str]]:
    """What was added, for the log; nothing when nothing was."""
    gained = gains(before, affiliation.rights)
    return {"rights": sorted(gained)} if gained else {}


def _record(entry: str, affiliation: Affiliation, *, by: User, at: datetime, **data: Any) -> None:
    organisation = affiliation.organisation
    record(entry, subject=organisation, by=by, at=at, community=organisation.tenant, person=affiliation.user_id, **data)


@act
def choose_language(user: User, code: str) -> None:
    """Remember the language of the person's pages and mail. The log does not tell of it."""
    User.objects.filter(pk=user.pk).update(language=code)


@act
def change_profile(user: User, fields: dict[str, Any], *, at: datetime) -> User:
    """Change a person's own name, telephone and language. Journal: ``person.profile_changed``."""
    for name in ("name", "phone", "language"):
        setattr(user, name, fields[name])
    user.save(update_fields=["name", "phone", "language"])
    record("person.profile_changed", subject=user, by=user, at=at)
    return user
