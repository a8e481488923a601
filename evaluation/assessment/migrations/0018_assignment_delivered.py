"""The assignments carry when they were delivered, and the stage entries what the assessments give."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """Copy from the assessments and from the results."""
    same = {name: OuterRef(name) for name in ("application", "stage")}
    assessments = apps.get_model("assessment", "Assessment").objects.filter(**same, assessor=OuterRef("assessor"))
    apps.get_model("assessment", "Assignment").objects.update(delivered_at=Subquery(assessments.values("delivered_at")[:1]))
    results = apps.get_model("assessment", "Result").objects.filter(**same)
    scored = apps.get_model("applications", "StageEntry").objects.filter(Exists(results))
    scored.update(
        total=Coalesce(Subquery(results.values("total")[:1]), Decimal(-1)),
        must_discuss=Subquery(results.values("must_discuss")[:1]),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0020_entries_carry_lists'),
        ('assessment', '0017_package_opened'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='assignment',
            name='assessment_desk',
        ),
        migrations.RemoveIndex(
            model_name='recommendation',
            name='assessment_board',
        ),
        migrations.RemoveIndex(
            model_name='result',
            name='assessment_ranking',
        ),
        migrations.AddField(
            model_name='assignment',
            name='delivered_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['assessor', '-delivered_at', 'due_date', 'id'], name='assessment_desk'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['stage', 'assessor', 'application', 'by_seat', 'delivered_at'], name='assessment_assessors'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('delivered_at', None)), fields=['stage', 'due_date', 'application', 'assessor', 'by_seat'], name='assessment_undelivered'),
        ),
        migrations.AddIndex(
            model_name='habilitet',
            index=models.Index(condition=models.Q(('is_recused', True), ('is_pending', True), _connector='OR'), fields=['person', 'application'], name='assessment_out_of_case'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(fields=['priority_list', 'rank', 'id', 'application', 'outcome', 'amount'], name='assessment_board'),
        ),
        migrations.AddIndex(
            model_name='recommendation',
            index=models.Index(condition=models.Q(('outcome', ''), ('reason', ''), _connector='OR'), fields=['priority_list', 'application'], name='assessment_unwritten'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['stage', 'application', 'delivered', 'meets_thresholds'], name='assessment_of_stage'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
