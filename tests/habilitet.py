"""Somebody's habilitet decided outside a meeting: a short way to where tests start."""

from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.deciders import deciders
from evaluation.assessment.services import declaring
from portal.clock import local_date


def decide_about(application, person, *, by, at, **words):
    """Decided by another, also by one whom the question does not fall to. Where nobody has raised it, the person has.

    ``words`` are ``is_recused``, ``ground`` and ``reason``.
    """
    row = Habilitet.objects.filter(application=application, person=person).first()
    row = row or Habilitet(application=application, person=person)
    if not row.is_pending and not row.body_id:
        ground = words.get("ground") or row.ground or "other"
        declaring.raise_question(row, ground=ground, explanation=row.explanation or "Tvil.", by=person, at=at)
    if row.body_id or by in deciders([row], local_date(at))[row.pk]:
        return declaring.decide(application, person, by=by, at=at, **words)
    return declaring.decide_question(row, by=by, at=at, body=None, **words)
