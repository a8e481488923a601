"""The text as it is now, by its digest, so that a signature counts again when the text is the signed one again."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """The signatures that count today were all given on the text as it is: any other was void at once."""
    signatures = apps.get_model("applications", "Signature").objects
    signed = signatures.filter(partner__application=OuterRef("pk"), voided_at=None).order_by("-pk")
    having = signatures.filter(voided_at=None).values("partner__application")
    applications = apps.get_model("applications", "Application").objects.filter(pk__in=having)
    applications.update(text_sha256=Subquery(signed.values("text_sha256")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0018_attachments_numbered"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="text_sha256",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="application",
            name="signing_locked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
