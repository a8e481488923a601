"""Organisations and the addresses of a helsefellesskap."""

from datetime import datetime
from typing import Any

from portal.acts import act
from portal.communities.models import HealthCommunity, Organisation, User
from portal.communities.services.changes import set_changed
from portal.journal.services import record


@act
def add_organisation(community: HealthCommunity, fields: dict[str, Any], *, by: User, at: datetime) -> Organisation:
    """Register an organisation in the helsefellesskap. Journal: ``organisation.added``."""
    organisation = Organisation.objects.create(community=community, **fields)
    record("organisation.added", subject=organisation, by=by, at=at, community=community)
    return organisation


@act
def change_organisation(organisation: Organisation, fields: dict[str, Any], *, by: User, at: datetime) -> Organisation:
    """Change name, number or address. Journal: ``organisation.changed`` with the names of the fields."""
    changed = set_changed(organisation, fields)
    organisation.save()
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
def change_addresses(community: HealthCommunity, fields: dict[str, Any], *, by: User, at: datetime) -> HealthCommunity:
    """Change where applications are announced to arrive (R32). Journal: ``community.addresses_changed``."""
    changed = set_changed(community, fields)
    community.save()
    if changed:
        record("community.addresses_changed", subject=community, by=by, at=at, community=community, fields=changed)
    return community
