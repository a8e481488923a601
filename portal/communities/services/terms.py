"""The rules of terms, for affiliations and seats: dates in order, and overlapping terms."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.communities.models import Body, Organisation, Term
from portal.errors import DomainError
from portal.formats import date_no


def check_term(row: Term, *, error: type[DomainError]) -> None:
    """Raise the error when the last day comes before the first."""
    if row.to_date and row.to_date < row.from_date:
        raise error(_("Siste dag kan ikke være før første dag."))


def check_within(row: Term, ended: Organisation | Body, *, error: type[DomainError]) -> None:
    """Raise the error when the organisation or the body has a last day, and the term goes on after it."""
    last_day = ended.last_day
    if last_day and (row.to_date is None or row.to_date > last_day):
        raise error(
            _("%(body)s har %(day)s som siste dag. Ingen kan ha en plass der lenger enn det.")
            % {"body": ended, "day": date_no(last_day)}
        )


def overlapping(others: QuerySet[Any], row: Term) -> QuerySet[Any]:
    """The rows of ``others`` whose term shares a day with the row's, without the row itself."""
    if row.pk:
        others = others.exclude(pk=row.pk)
    if row.to_date:
        others = others.filter(from_date__lte=row.to_date)
    return others.filter(Q(to_date=None) | Q(to_date__gte=row.from_date))


def end_term(row: Term, last_day: date, *, error: type[DomainError]) -> None:
    """Set and save the last day; raises the error when the term has ended before it."""
    if row.to_date and row.to_date < last_day:
        raise error(_("Perioden er allerede avsluttet."))
    row.to_date = last_day
    check_term(row, error=error)
    row.save(update_fields=["to_date"])
