"""The versions of a round are read from its documents alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0007_versions_into_documents'),
    ]

    operations = [
        migrations.DeleteModel(name='RoundVersion'),
        migrations.AlterField(
            model_name='round',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
