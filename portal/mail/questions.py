"""What the outbox asks the rooms; see ``portal.rooms``."""

from portal.rooms import question


@question
def address_today(email: str) -> str:
    """The address as it is now: the new one of a person who had it, else itself."""
