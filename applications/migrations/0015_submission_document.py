"""A sent version gets a document, which will hold what was frozen."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0014_covers_by_key'),
        ('documents', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='document',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
