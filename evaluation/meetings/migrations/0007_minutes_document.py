"""Minutes get a document, which will hold what was frozen."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0006_without_recusals_of_cases'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='minutes',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
