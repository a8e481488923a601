"""When those who received a package opened it, so that it can be called back until then."""

from django.db import migrations, models
from django.db.models import F


def count_earlier_as_opened(apps, schema_editor):
    """Packages from before this was kept have been with their receivers, and are not called back."""
    apps.get_model("assessment", "Forwarding").objects.update(opened_at=F("forwarded_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0016_list_and_package_in_their_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='forwarding',
            name='opened_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(count_earlier_as_opened, migrations.RunPython.noop),
    ]
