"""An evaluation gets a document, which will hold what was frozen."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0007_reminders_move'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluationreport',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
