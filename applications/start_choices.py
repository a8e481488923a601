"""What a person can choose when an application is started: where it is sent, who owns it, and who is responsible."""

from dataclasses import dataclass

from portal.communities.models import Body, HealthCommunity, Organisation


@dataclass(frozen=True, slots=True)
class Starting:
    """What the start page offers: helsefellesskap, owners, and organisations that can be responsible."""

    communities: list[HealthCommunity]
    organisations: list[Organisation]
    bodies: list[Body]
    leads: list[Organisation]

    @property
    def home(self) -> HealthCommunity | None:
        """The helsefellesskap when there is only one to choose."""
        return self.communities[0] if len(self.communities) == 1 else None

    def community(self, code: str) -> HealthCommunity:
        return next(item for item in self.communities if item.code == code)

    def organisation(self, pk: int) -> Organisation:
        return next(item for item in self.organisations if item.pk == pk)

    def body(self, code: str) -> Body:
        return next(item for item in self.bodies if item.code == code)

    def lead(self, pk: int) -> Organisation:
        return next(item for item in self.leads if item.pk == pk)
