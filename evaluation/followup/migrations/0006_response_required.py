"""Every evaluation has its filled-in form; the texts of its own go."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0005_carry_answers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='evaluationreport',
            name='response',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation', to='answering.response'),
        ),
        migrations.RemoveField(
            model_name='evaluationreport',
            name='answers',
        ),
    ]
