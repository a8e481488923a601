"""The number of a removed attachment is not given to another: the application remembers the highest it has used."""

from django.db import migrations, models
from django.db.models import Max


def remember(apps, schema_editor):
    """From the attachments that are there, and from those of the versions that were sent."""
    application = apps.get_model("applications", "Application")
    highest = dict(
        apps.get_model("applications", "Attachment")
        .objects.order_by("application").values_list("application").annotate(Max("number"))
    )
    submissions = apps.get_model("applications", "Submission").objects
    for pk, snapshot in submissions.values_list("application", "document__snapshot").iterator():
        numbers = [item.get("number") or 0 for item in snapshot.get("attachments") or []]
        highest[pk] = max([highest.get(pk) or 0, *numbers])
    for pk, number in highest.items():
        application.objects.filter(pk=pk).update(attachments_numbered=number)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0017_submission_in_its_document'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='attachments_numbered',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
