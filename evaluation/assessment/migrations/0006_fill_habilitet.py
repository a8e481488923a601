"""What was declared and what was decided become one row; a decision answers the question that was raised."""

from django.db import migrations


def fill(apps, schema_editor):
    rows = {}
    habilitet = apps.get_model("assessment", "Habilitet")
    for said in apps.get_model("assessment", "Declaration").objects.iterator():
        rows[said.application_id, said.person_id] = habilitet(
            application_id=said.application_id,
            person_id=said.person_id,
            has_tie=said.has_tie,
            suggested=said.suggested,
            declared_at=said.declared_at,
            ground=said.ground,
            explanation=said.explanation,
            raised_by_id=said.person_id if said.needs_decision else None,
            raised_at=said.declared_at if said.needs_decision else None,
            is_pending=said.needs_decision,
        )
    for decided in apps.get_model("assessment", "Recusal").objects.iterator():
        key = decided.application_id, decided.person_id
        row = rows.setdefault(key, habilitet(application_id=key[0], person_id=key[1]))
        row.is_pending, row.is_recused = False, decided.is_recused
        row.decided_ground, row.reason, row.body_id = decided.ground, decided.reason, decided.body_id
        row.decided_by_id, row.decided_at = decided.decided_by_id, decided.decided_at
    habilitet.objects.bulk_create(rows.values(), batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_habilitet")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
