"""The questions of the cases join the one row for each person, and each settled case keeps its own as they were.

Who was inhabil in a case through either table is inhabil in the row. A question that nobody had decided waits on.
"""

from collections import defaultdict

from django.db import migrations


def join(apps, schema_editor):
    habilitet = apps.get_model("assessment", "Habilitet").objects
    by_case = defaultdict(list)
    questions = apps.get_model("meetings", "CaseRecusal").objects.select_related("case", "seat__user", "raised_by")
    for asked in questions.order_by("raised_at", "pk").iterator():
        by_case[asked.case_id].append(_frozen(asked))
        case = asked.case
        subject = {"application_id": case.application_id} if case.application_id else {"case_id": case.pk}
        row = habilitet.filter(**subject, person=asked.seat.user_id).first()
        row = row or habilitet.model(**subject, person_id=asked.seat.user_id)
        _raise(row, asked)
        _decide(row, asked)
        row.save()
    for resolution in apps.get_model("meetings", "Resolution").objects.filter(case__in=by_case):
        resolution.habilitet = by_case[resolution.case_id]
        resolution.save(update_fields=["habilitet"])


def _raise(row, asked):
    # What was decided before the meeting was copied to the case as raised by whoever had decided it.
    if row.raised_by_id is None and asked.raised_at != asked.decided_at:
        row.raised_by_id, row.raised_at = asked.raised_by_id, asked.raised_at
        row.ground = row.ground or asked.ground
        row.explanation = row.explanation or asked.explanation


def _decide(row, asked):
    if asked.is_recused is None:
        waits = row.is_recused is None or (asked.case.status == "prepared" and row.decided_at < asked.raised_at)
        row.is_pending = waits and row.raised_by_id is not None
    elif row.is_recused is None or (asked.is_recused and not row.is_recused):
        row.is_pending, row.is_recused = False, asked.is_recused
        row.decided_ground = asked.ground if asked.is_recused else ""
        row.reason, row.body_id = asked.reason, asked.case.body_id
        row.decided_by_id, row.decided_at = asked.decided_by_id, asked.decided_at


def _frozen(asked):
    return {
        "name": asked.seat.user.name,
        "ground": asked.ground,
        "explanation": asked.explanation.strip(),
        "raised_by": asked.raised_by.name,
        "raised_at": asked.raised_at.isoformat(),
        "is_recused": asked.is_recused,
        "reason": asked.reason,
        "decided_at": asked.decided_at.isoformat() if asked.decided_at else None,
    }


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_resolution_habilitet"), ("assessment", "0006_fill_habilitet")]

    operations = [migrations.RunPython(join, migrations.RunPython.noop)]
