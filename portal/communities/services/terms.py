"""What all places with a term have in common: the dates must be in order, and one place at a time."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.communities.models import Term
from portal.errors import DomainError


def check_term(place: Term, *, error: type[DomainError]) -> None:
    """Raise the error when the last day comes before the first."""
    if place.to_date and place.to_date < place.from_date:
        raise error(_("Siste dag kan ikke være før første dag."))


def overlapping(others: QuerySet[Any], place: Term) -> QuerySet[Any]:
    """Those of the others whose term shares a day with the place; never the place itself."""
    if place.pk:
        others = others.exclude(pk=place.pk)
    if place.to_date:
        others = others.filter(from_date__lte=place.to_date)
    return others.filter(Q(to_date=None) | Q(to_date__gte=place.from_date))


def end(place: Term, last_day: date, *, error: type[DomainError]) -> None:
    """Set and store the last day; raises the error when the place has ended before it."""
    if place.to_date and place.to_date < last_day:
        raise error(_("Perioden er allerede avsluttet."))
    place.to_date = last_day
    check_term(place, error=error)
    place.save(update_fields=["to_date"])
