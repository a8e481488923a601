"""Who is out of a case, and the questions of habilitet that the body takes up: read from the one place they stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from evaluation.assessment.models import Habilitet
from evaluation.assessment.models.habilitet import HabilitetQuerySet
from evaluation.meetings.models import Case
from portal.acts import held


def rows_of(case: Case) -> HabilitetQuerySet:
    """Everything about anybody's habilitet in the case: that of its application, or the case's own."""
    if case.application_id:
        return Habilitet.objects.filter(application=case.application_id)
    return Habilitet.objects.filter(case_id=case.pk)


def questions_of(case: Case, people: Collection[int]) -> list[Habilitet]:
    """What has been raised or decided about these persons (those on the roll); one query."""
    asked = rows_of(case).raised_or_decided().filter(person__in=people)
    return list(asked.select_related("person", "raised_by").order_by("raised_at", "pk"))


def question_of(case: Case, person_id: int) -> Habilitet:
    """The person's row in the case, held until the act is done, or a new one that is not saved."""
    row = held(rows_of(case).filter(person=person_id)).first()
    if row:
        return row
    if case.application_id:
        return Habilitet(application=case.application, person_id=person_id)
    return Habilitet(case_id=case.pk, person_id=person_id)


def inhabil_in_list(case: Case) -> frozenset[int]:
    """The persons inhabil in one of the applications of an allocation case's list; one query, none in other cases."""
    if not case.is_allocation:
        return frozenset()
    found = Habilitet.objects.inhabil().filter(application__recommendations__priority_list=case.priority_list_id)
    return frozenset(found.values_list("person_id", flat=True))


def questions_of_all(cases: Iterable[Case], people: Collection[int]) -> dict[int, list[Habilitet]]:
    """As ``questions_of`` for several cases, by the case's id; one query."""
    cases = list(cases)
    by_application = {case.application_id: case.pk for case in cases if case.application_id}
    asked = Habilitet.objects.raised_or_decided().filter(
        Q(application__in=by_application) | Q(case_id__in=[case.pk for case in cases]), person__in=people
    )
    found: dict[int, list[Habilitet]] = defaultdict(list)
    for row in asked.select_related("person", "raised_by").order_by("raised_at", "pk"):
        found[by_application[row.application_id] if row.application_id else row.case_id or 0].append(row)
    return found


def frozen(questions: Iterable[Habilitet]) -> list[dict[str, Any]]:
    """The questions as the minutes keep them when the case is settled."""
    return [
        {
            "name": row.person.name,
            "ground": row.ground or row.decided_ground,
            "explanation": row.explanation.strip(),
            "raised_by": row.raised_by.name if row.raised_by else "",
            "raised_at": row.raised_at.isoformat() if row.raised_at else None,
            "is_recused": None if row.is_pending else row.is_recused,
            "reason": "" if row.is_pending else row.reason,
            "decided_at": row.decided_at.isoformat() if row.decided_at and not row.is_pending else None,
        }
        for row in questions
    ]
