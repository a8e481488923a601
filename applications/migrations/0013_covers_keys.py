import re

from django.db import migrations, models

SPAN = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")


def to_keys(apps, schema_editor):
    """«2, 3 og 7» becomes the keys of the rows that have these numbers now; a number without a row named nothing."""
    benefit = apps.get_model("applications", "Benefit")
    for application in benefit.objects.exclude(covers="").values_list("application", flat=True).distinct():
        rows = list(benefit.objects.filter(application=application).order_by("position", "pk"))
        for row in rows:
            numbers = set()
            for first, last in SPAN.findall(row.covers):
                numbers.update(range(int(first), min(int(last or first), len(rows)) + 1))
            row.covers_keys = [other.key for number, other in enumerate(rows, start=1) if number in numbers]
        benefit.objects.bulk_update(rows, ["covers_keys"])


def to_numbers(apps, schema_editor):
    """The numbers that the rows have now."""
    benefit = apps.get_model("applications", "Benefit")
    for row in benefit.objects.exclude(covers_keys=[]):
        keys = list(
            benefit.objects.filter(application=row.application_id).order_by("position", "pk").values_list("key", flat=True)
        )
        row.covers = ", ".join(str(number) for number, key in enumerate(keys, start=1) if key in row.covers_keys)[:60]
        row.save(update_fields=["covers"])


class Migration(migrations.Migration):
    dependencies = [("applications", "0012_stage_without_entries")]

    operations = [
        migrations.AddField("benefit", "covers_keys", models.JSONField("gjelder også rad", blank=True, default=list)),
        migrations.RunPython(to_keys, to_numbers),
    ]
