"""A sent version is read from its document alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0016_submissions_into_documents'),
    ]

    operations = [
        migrations.RemoveField(model_name='submission', name='snapshot'),
        migrations.RemoveField(model_name='submission', name='sha256'),
        migrations.RemoveField(model_name='submission', name='pdf'),
        migrations.AlterField(
            model_name='submission',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
