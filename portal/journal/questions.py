"""What the log asks the rooms; see ``portal.rooms``."""

from collections.abc import Collection, Mapping

from portal.rooms import question


@question
def closed_subjects(user_id: int | None) -> Mapping[str, Collection[int]]:
    """The objects (ids by label, as the log writes it) that are closed to the person, and their entries with them.

    The log does not know of habilitet, so it asks each time that somebody reads it.
    """
