"""Every application has its filled-in form; the room's own table of answers goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0006_carry_answers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='application',
            name='response',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='application', to='answering.response'),
        ),
        migrations.DeleteModel(
            name='Answer',
        ),
    ]
