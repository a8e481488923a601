"""Whose answers they are: what the form engine asks an application, an evaluation or a report about itself."""

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
    """One who has a ``Response``. Each room has a subclass beside its services; the engine never asks which it is.

    A dataclass, so that an act that is tried again starts with the owner's row as it was (see ``portal.acts``).
    """

    spec: RoundDefinition
    # Which of the round's forms it fills in.
    form: Questionnaire
    response_id: int
    # How a text that is too long is told of: it is kept, and must be shortened before the form is sent.
    too_long: str

    @abstractmethod
    def may_write(self, user: Any, section: str, *, now: datetime) -> Verdict:
        """Whether the person may write in that section now, or why not."""

    @abstractmethod
    def hold(self, *, at: datetime) -> None:
        """Open a save: hold the owner's row until the transaction ends, so that sending cannot slip in between.

        Raises a ConflictError when the form was sent, or can no longer be written.
        """

    @abstractmethod
    def dates(self, *, now: datetime) -> Dates:
        """What the dates in the answers are held against."""

    @abstractmethod
    def answer_url(self, question: str) -> str:
        """Where a script saves one answer while somebody types."""

    def saved(self, values: Mapping[str, Any], *, at: datetime) -> None:  # noqa: B027 - most owners have nothing to do
        """The answers that were just stored, inside the transaction of the save."""

    def record(self, entry: str, *, by: User, at: datetime, **facts: Any) -> None:  # noqa: B027 - as ``saved``
        """Write in the log what was done with the form (a file was added), inside the transaction of the save."""

    def files_url(self, question: str) -> str:
        """The page of the files that answer a question; empty where files are not the engine's."""
        return ""

    def bodies(self) -> Mapping[str, Body]:
        """The bodies that may be answered with, by code."""
        return {}

    def consequences(self) -> dict[str, Any]:
        """What a save did beside storing the text, for the script of the page (signatures that fell, say)."""
        return {}
