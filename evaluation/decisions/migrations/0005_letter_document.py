"""A letter gets a document, which will hold what was frozen; that somebody has looked at it is of that document."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0004_outcomes_from_the_table'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='letterlook',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
