"""What the log asks the rooms; see ``portal.rooms``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from portal.rooms import question


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry of the log is about, as people call it, and where it is shown."""

    name: str
    url: str


@question
def noun_contexts(subjects: Mapping[str, Collection[str]]) -> Mapping[tuple[str, str], str]:
    """How sentences about the subjects of the log (ids by label) are said: by label and id the context of their twins.

    A subject of which the sentences are said as they stand in the code has none.
    """


@question
def names_of(subjects: Mapping[str, Collection[str]], standing: Any) -> Mapping[tuple[str, str], Named]:
    """What the subjects of the log (ids by label) are called, by label and id.

    Asked of entries that are open to the person of the standing: what is closed to the person has no entry there. A
    draft that has not been sent has no name.
    """
