"""The outcomes that a sent letter has told: since when the applicants know them."""

from django.db import migrations


def announce_sent_letters(apps, schema_editor):
    Letter = apps.get_model("decisions", "Letter")
    Application = apps.get_model("applications", "Application")
    told = Letter.objects.filter(status="sent", decision__replaced_at=None, sent_at__isnull=False)
    for application, sent_at in told.values_list("decision__application", "sent_at").iterator(chunk_size=500):
        Application.objects.filter(pk=application, announced_at=None).update(announced_at=sent_at)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0001_initial"),
        ("applications", "0002_announced_at"),
    ]

    # Nothing to take back: the field goes with the migration that made it.
    operations = [migrations.RunPython(announce_sent_letters, migrations.RunPython.noop)]
