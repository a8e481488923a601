"""The results carry the mean and the spread of each criterion, and the totals of the assessors."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.db import migrations, models

CENT = Decimal("0.01")


def middle(points):
    """The mean, rounded half up, and the spread, as texts."""
    mean = (sum(points) / len(points)).quantize(CENT, ROUND_HALF_UP)
    return [str(mean), str((max(points) - min(points)).quantize(CENT))]


def fill(apps, schema_editor):
    """Sum up the delivered assessments that count: those of the inhabile do not."""
    results = apps.get_model("assessment", "Result").objects
    recused = set(
        apps.get_model("assessment", "Habilitet")
        .objects.filter(is_recused=True, application__isnull=False)
        .values_list("application_id", "person_id")
    )
    delivered = apps.get_model("assessment", "Assessment").objects.exclude(delivered_at=None)
    scores = apps.get_model("assessment", "Score").objects
    for result in results.order_by("pk").iterator(chunk_size=500):
        given = [
            assessment
            for assessment in delivered.filter(application=result.application_id, stage=result.stage_id)
            if (result.application_id, assessment.assessor_id) not in recused
        ]
        points = defaultdict(list)
        for code, value in scores.filter(assessment__in=given, points__isnull=False).values_list("criterion__code", "points"):
            points[code].append(value)
        result.criteria = {code: middle(values) for code, values in points.items()}
        result.totals = [str(total) for total in sorted(row.total for row in given if row.total is not None)]
        result.save(update_fields=["criteria", "totals"])


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0023_order_from_list_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='result',
            name='criteria',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='result',
            name='totals',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
