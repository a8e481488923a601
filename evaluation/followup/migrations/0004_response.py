"""Each evaluation points at its filled-in form; empty until the answers are carried over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('answering', '0001_initial'),
        ('followup', '0003_acceptance_adjustment'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluationreport',
            name='response',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evaluation', to='answering.response'),
        ),
    ]
