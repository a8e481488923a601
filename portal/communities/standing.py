"""What a person may stand on, as plain sets of ids that predicates can use without a query."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.communities.models import Body


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's affiliations and seats of the day amount to."""

    user_id: int | None
    organisation_ids: frozenset[int] = frozenset()
    signs_for_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()
    chaired_body_ids: frozenset[int] = frozenset()
    secretariat_community_ids: frozenset[int] = frozenset()
    secretariat_region_ids: frozenset[int] = frozenset()

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
