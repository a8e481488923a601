"""The owner of a form: what the form engine asks an application, an evaluation or a report about itself."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.communities.models import Body, User
from portal.permissions import Verdict
from rounds.answering.checks import Dates
from rounds.definition import Questionnaire, RoundDefinition


@dataclass(init=False, eq=False, repr=False)
class Owner(ABC):
    """The owner of a ``Response``. Each room has a subclass; the engine never asks which one it is.

    It is a dataclass, so that an act that is tried again begins with the owner's row as it was (see ``portal.acts``).
    """

    spec: RoundDefinition
    # Which of the round's forms it fills in.
    form: Questionnaire
    response_id: int
    # What is said of a text that is too long: it is stored, but must be shortened before the form is sent.
    too_long: str

    @abstractmethod
    def may_write(self, user: Any, section: str, *, now: datetime) -> Verdict:
        """Whether the person may write in that section now, or why not."""

    @abstractmethod
    def hold(self, *, at: datetime) -> None:
        """Open a save: hold the owner's row until the transaction ends, so that sending cannot slip in between.

        The engine calls it before it reads or writes; the lock is taken in the room of the owner, for an application by
        the UPDATE in ``applications.services.drafts.touch``.

        Raises a ConflictError when the form was sent, or can no longer be written.
        """

    @abstractmethod
    def dates(self, *, now: datetime) -> Dates:
        """The days that dates in the answers are compared with."""

    @abstractmethod
    def answer_url(self, question: str) -> str:
        """The address where a script saves one answer."""

    def saved(self, values: Mapping[str, Any], *, at: datetime) -> None:  # noqa: B027 - most owners have nothing to do
        """Called with the answers that were just stored, inside the transaction of the save."""

    def record(self, entry: str, *, by: User, at: datetime, **facts: Any) -> None:  # noqa: B027 - as ``saved``
        """Write in the log what was done with the form (a file was added), inside the transaction of the act."""

    def files_url(self, question: str) -> str:
        """The page of the files that answer a question; empty when the owner has its own page for files."""
        return ""

    def bodies(self) -> Mapping[str, Body]:
        """The bodies that can be chosen in an answer, by code."""
        return {}

    def consequences(self) -> dict[str, Any]:
        """What else a save did (signatures that it voided, say), for the script of the page."""
        return {}
