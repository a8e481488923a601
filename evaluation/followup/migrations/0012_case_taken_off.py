"""An evaluation whose case is taken off the agenda has no case, and can be put up again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0011_evaluations_name_their_applications'),
        ('meetings', '0015_number_series'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evaluationreport',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meetings.case'),
        ),
    ]
