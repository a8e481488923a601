"""A round gets a document, which will hold its definition."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0005_stage_rules'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
