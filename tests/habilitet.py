"""Somebody's habilitet decided outside a meeting: a short way to where tests start."""

from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import declaring


def decide_about(application, person, *, by, at, **words):
    """Decided by another. Where nobody has raised the question, the person has.

    ``words`` are ``is_recused``, ``ground`` and ``reason``.
    """
    row = Habilitet.objects.filter(application=application, person=person).first()
    row = row or Habilitet(application=application, person=person)
    if not row.is_pending and not row.body_id:
        ground = words.get("ground") or row.ground or "other"
        declaring.raise_question(row, ground=ground, explanation=row.explanation or "Tvil.", by=person, at=at)
    return declaring.decide(application, person, by=by, at=at, **words)
