"""Who must answer about habilitet first: the one rule that acts, ballots, pages and lists ask.

A person must answer in an application who is to answer in it (``_is_to_answer``) and has not been asked: of whom
nothing was answered, raised or decided. For one person and many applications the rule is a condition on applications,
for many people and one application (``people_who_must_answer``) a condition on people.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.ties import (
    TiedPeople,
    belongs_to,
    is_contact,
    takes_part,
    ties_from,
    writes_or_signed,
)
from portal.communities.models import BodyKind, Seat, User
from portal.communities.standing import Standing


def must_answer(standing: Standing, application: str = "pk") -> Q:
    """A condition: the person must answer about habilitet in the application before reading it or acting in it.

    ``application`` is the name of the field that holds the id of the application.
    """
    return _not_asked(_is_to_answer(standing), standing, application)


def ids_to_answer(standing: Standing, most: int) -> frozenset[int] | None:
    """The ids of all the applications of ``must_answer``, read from the ties; None when they are more than ``most``.

    One query.
    """
    organisations = standing.signs_for_ids
    if standing.is_officer:
        organisations = standing.organisation_ids | standing.represented_ids
    first, *others = [
        tie.rows.order_by()
        .filter(~Exists(Habilitet.objects.filter(application=OuterRef(tie.application), person=standing.user_id)))
        .values_list(tie.application, flat=True)
        for tie in ties_from(standing, organisations)
    ]
    ids = frozenset(first.union(*others)[: most + 1])
    return ids if len(ids) <= most else None


def takes_part_unasked(standing: Standing) -> Q:
    """A condition on applications: the person takes part in any way, and has not been asked about habilitet.

    For officers the same as ``must_answer``. It keeps applicants, too, from what only those in the case read.
    """
    return _not_asked(takes_part(standing), standing, "pk")


def titles_to_answer(standing: Standing, of: Q) -> list[str]:
    """The titles of the applications that fit ``of`` and in which the person must answer first; one query."""
    rows = Application.objects.filter(of).filter(must_answer(standing))
    return list(rows.order_by("title").values_list("title", flat=True).distinct())


def people_who_must_answer(application: Application, people: Iterable[int], day: date) -> QuerySet[User]:
    """Those of the people (ids) who must answer about habilitet in the application on the day; one query."""
    tied = TiedPeople(application.pk, day)
    offices = Seat.objects.current(day).filter(user=OuterRef("pk"), body__kind=BodyKind.SECRETARIAT)
    is_to_answer = tied.write_or_signed() | tied.belong(may_sign=True) | tied.are_contacts()
    is_to_answer |= (tied.belong() | tied.represent()) & Q(Exists(offices))
    asked = Habilitet.objects.filter(application=application, person=OuterRef("pk"))
    users = User.objects.filter(pk__in=list(people)).filter(is_to_answer)
    return users.exclude(Exists(asked)).order_by("name", "pk")


def _is_to_answer(standing: Standing) -> Q:
    """A condition on applications: the person's tie is one to answer about.

    An officer answers whatever the tie; others when it is strong, and when the applicants have named them as contact.
    """
    if standing.is_officer:
        return takes_part(standing)
    return writes_or_signed(standing) | belongs_to(standing.signs_for_ids) | is_contact(standing)


def _not_asked(tied: Q, standing: Standing, application: str) -> Q:
    asked = Habilitet.objects.filter(application=OuterRef("pk"), person=standing.user_id)
    rows = Application.objects.filter(tied, ~Exists(asked))
    return Q(Exists(rows.filter(pk=OuterRef(application))))
