"""The outcomes that can be recommended are read from rounds.outcomes."""


import rounds.outcomes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0003_assignment_by_seat'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recommendation',
            name='outcome',
            field=models.CharField(blank=True, choices=rounds.outcomes.proposed_choices, max_length=16, verbose_name='innstilling'),
        ),
    ]
