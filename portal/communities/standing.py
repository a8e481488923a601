"""All that a person's affiliations and seats give on one day, as plain sets of ids."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.communities.models import Body


@dataclass(frozen=True, slots=True)
class Given:
    """When the secretariat gave a place: an organisation, the authority to sign for it, or a body; by id."""

    at: datetime
    organisation_id: int | None = None
    signs_for_id: int | None = None
    body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a person's affiliations and seats give on one day, as ids."""

    user_id: int | None
    organisation_ids: frozenset[int] = frozenset()
    signs_for_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()
    # For which the person sits in a body that is no secretariat: a tie of habilitet, and no right.
    represented_ids: frozenset[int] = frozenset()
    chaired_body_ids: frozenset[int] = frozenset()
    secretariat_community_ids: frozenset[int] = frozenset()
    secretariat_region_ids: frozenset[int] = frozenset()
    # Of every body that the person has a seat in.
    seat_community_ids: frozenset[int] = frozenset()
    seat_region_ids: frozenset[int] = frozenset()
    # Somebody with a seat who was ever given something to assess.
    assesses: bool = False
    # Of the places above, those of which it is kept when they were given.
    given: tuple[Given, ...] = ()

    def before(self, moment: datetime) -> "Standing":
        """The standing without what was given at the moment or later."""
        late = [given for given in self.given if given.at >= moment]
        if not late:
            return self
        return replace(
            self,
            organisation_ids=self.organisation_ids - {given.organisation_id for given in late},
            signs_for_ids=self.signs_for_ids
            - {given.organisation_id for given in late}
            - {given.signs_for_id for given in late},
            body_ids=self.body_ids - {given.body_id for given in late},
        )

    @property
    def is_officer(self) -> bool:
        """Whether the person is in any secretariat."""
        return bool(self.secretariat_community_ids or self.secretariat_region_ids)

    def is_secretariat_of(self, body: "Body") -> bool:
        """Whether the person is in the secretariat that serves the body."""
        if body.community_id:
            return body.community_id in self.secretariat_community_ids
        return body.region_id in self.secretariat_region_ids


NOBODY = Standing(user_id=None)
