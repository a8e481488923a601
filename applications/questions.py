"""What this room asks the rooms to its right; see ``portal.rooms``."""

from django.db.models import OuterRef
from django.db.models.expressions import Combinable

from portal.rooms import question


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
