"""The highest number that a body has given in a year, so that a number is not given again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_letter_approval_kept'),
        ('meetings', '0014_secretary_and_absences'),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('highest', models.PositiveIntegerField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.body')),
            ],
            options={
                'verbose_name': 'nummerserie',
                'constraints': [models.UniqueConstraint(fields=('body', 'year'), name='meetings_one_number_series')],
            },
        ),
    ]
