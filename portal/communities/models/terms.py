"""Terms: a place that is held from one date to another."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TermQuerySet(models.QuerySet[Any]):
    """Questions about rows with a term."""

    def current(self, day: date) -> "TermQuerySet":
        """Those whose term holds the day; the last day counts."""
        return self.filter(Q(to_date=None) | Q(to_date__gte=day), from_date__lte=day)


class Term(models.Model):
    """From a date, to and with a date or until further notice (local dates)."""

    from_date = models.DateField(_("fra og med"))
    to_date = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="%(app_label)s_%(class)s_term",
                violation_error_message=_("Siste dag kan ikke være før første dag."),
            ),
        )
