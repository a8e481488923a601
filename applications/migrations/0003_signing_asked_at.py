"""When the partners were asked to sign; what has been sent round for signing stays so."""

from typing import Any

from django.db import migrations, models

ASKED = "application.signatures_asked_for"


def carry_over(apps: Any, schema_editor: Any) -> None:
    """The first time that the log tells of the asking."""
    entries = apps.get_model("journal", "LogEntry").objects.filter(act=ASKED, subject_type="applications.application")
    applications = apps.get_model("applications", "Application").objects
    for subject, at in entries.order_by("number").values_list("subject_id", "at"):
        applications.filter(pk=subject, signing_asked_at=None).update(signing_asked_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_announced_at"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="signing_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
