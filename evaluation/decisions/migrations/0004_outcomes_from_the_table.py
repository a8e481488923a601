"""The outcomes that can be decided and told are read from rounds.outcomes."""


import rounds.outcomes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0003_letter_look'),
    ]

    operations = [
        migrations.AlterField(
            model_name='decision',
            name='outcome',
            field=models.CharField(choices=rounds.outcomes.decided_choices, max_length=16, verbose_name='utfall'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=rounds.outcomes.decided_choices, max_length=16, verbose_name='type'),
        ),
    ]
