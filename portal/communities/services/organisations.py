"""Organisations and the addresses of a helsefellesskap."""

from datetime import datetime
from typing import Any

from portal.acts import act
from portal.cells import Base
from portal.communities.models import HealthCommunity, Organisation, User
from portal.communities.services.changes import hold, set_changed
from portal.journal.services import record
from portal.mail.services import queue


@act
def add_organisation(community: HealthCommunity, fields: dict[str, Any], *, by: User, at: datetime) -> Organisation:
    """Register an organisation in the helsefellesskap. Journal: ``organisation.added``."""
    organisation = Organisation.objects.create(community=community, **fields)
    record("organisation.added", subject=organisation, by=by, at=at, community=community)
    return organisation


@act
def change_organisation(
    organisation: Organisation, fields: dict[str, Any], *, by: User, at: datetime, base: Base | None = None
) -> Organisation:
    """Change name, number or address. Journal: ``organisation.changed`` with the names of the fields.

    A new post address is told to the old one, so that nobody takes an organisation's mail without its knowing. Raises
    WrittenMeanwhileError when others have changed the same since the page of ``base`` was opened.
    """
    hold(organisation)
    before = organisation.email
    changed = set_changed(organisation, fields, base, told=(organisation, "organisation.changed"), by=by)
    organisation.save()
    _tell_old_address(organisation, before, organisation.email, by=by, at=at)
    if changed:
        record(
            "organisation.changed",
            subject=organisation,
            by=by,
            at=at,
            community=organisation.tenant,
            fields=changed,
        )
    return organisation


@act
def change_addresses(
    community: HealthCommunity, fields: dict[str, Any], *, by: User, at: datetime, base: Base | None = None
) -> HealthCommunity:
    """Change where applications are announced to arrive (R32). Journal: ``community.addresses_changed``.

    A new address is told to the old one. Raises WrittenMeanwhileError as above.
    """
    hold(community)
    before = {name: getattr(community, name) for name in ("post_address", "copy_address")}
    changed = set_changed(community, fields, base, told=(community, "community.addresses_changed"), by=by)
    community.save()
    for name, address in before.items():
        _tell_old_address(community, address, getattr(community, name), by=by, at=at)
    if changed:
        record("community.addresses_changed", subject=community, by=by, at=at, community=community, fields=changed)
    return community


def _tell_old_address(
    about: Organisation | HealthCommunity, before: str, after: str, *, by: User, at: datetime
) -> None:
    """Tell the address that no longer gets the mail which one does, and who changed it."""
    if not before or before.lower() == after.lower():
        return
    office = about.post_address
    context = {
        "about": about,
        "after": after,
        "by": by,
        # The office's address is no help to ask at when it is the one that was changed.
        "office_address": office if office.lower() not in {before.lower(), after.lower()} else "",
    }
    key = f"address_changed:{about._meta.label_lower}:{about.pk}:{before.lower()}:{at.isoformat()}"
    queue("address_changed", recipient=before, about=about, context=context, at=at, key=key)
