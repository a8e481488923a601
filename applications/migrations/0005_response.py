"""Each application points at its filled-in form; empty until the answers are carried over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('answering', '0001_initial'),
        ('applications', '0004_known_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='response',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='application', to='answering.response'),
        ),
    ]
