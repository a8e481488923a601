"""What the log asks the rooms; see ``portal.rooms``."""

from collections.abc import Collection, Mapping

from portal.rooms import question


@question
def noun_contexts(subjects: Mapping[str, Collection[str]]) -> Mapping[tuple[str, str], str]:
    """How sentences about the subjects of the log (ids by label) are said: by label and id the context of their twins.

    A subject of which the sentences are said as they stand in the code has none.
    """
