"""Whether a place that a person was given counts in an application: not when the person was out of the case by then."""

from typing import Any

from django.db.models import Q
from django.db.models.lookups import GreaterThan, IsNull

from applications.questions import out_of_case_since


def given_in_time(person: Any, at: Any, application: Any) -> Q:
    """A condition: a place that was given to the person at the time counts in the application.

    It does when the person is not out of the case, or was given the place before. All three may be expressions.
    """
    since = out_of_case_since(person, application)
    return Q(IsNull(since, rhs=True)) | Q(GreaterThan(since, at))
