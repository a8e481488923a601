"""What the register asks the rooms; see ``portal.rooms``."""

from collections.abc import Collection

from portal.rooms import question


@question
def bodies_in_session(body_ids: Collection[int]) -> Collection[int]:
    """Those of the bodies (ids) that have an open meeting.

    The caller has locked the bodies' rows, as opening a meeting also does: no meeting is opened while a rule changes.
    """
