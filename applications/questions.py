"""What this room asks the rooms to its right; see ``portal.rooms``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef
from django.db.models.expressions import Combinable

from portal.communities.standing import Standing
from portal.rooms import question

if TYPE_CHECKING:
    from applications.models import Application
    from rounds.models import Round


@dataclass(frozen=True, slots=True)
class NextDate:
    """What an application waits for next, in a word or two, and the deadline for it (UTC)."""

    label: str
    at: datetime


@question
def out_of_case(user_id: int | None) -> Combinable:
    """Whether the person is inhabil in an application, or has a tie that nobody has decided.

    An expression on the row of an application. Asked for everyone who would handle it, and for every list of those.
    """


@question
def out_of_case_since(person: int | OuterRef | None, application: int | OuterRef) -> Combinable:
    """Since when the person has been out of the application: an expression, null when the person is not.

    Asked for places that a person was given: one given later opens nothing of the application.
    """


@question
def is_decided_in(of_round: "Round") -> bool:
    """Whether an award or a refusal of the stage that decides is in force in the round, by decision or resolution.

    Neither what was put off nor what the formal check turned away counts. Asked before the round is cancelled.
    """


@question
def takes_part_unasked(standing: Standing) -> Combinable:
    """Whether the person takes part in an application, and has not been asked about habilitet in it.

    An expression on the row of an application. Asked before an officer acts in a case.
    """


@question
def next_dates(applications: Collection["Application"]) -> Mapping[int, NextDate]:
    """What each application that has got an award waits for from its applicants next, by its id.

    Asked for the applications of a person who writes them. Those that wait for nothing, or for others, have none.
    """
