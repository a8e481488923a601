"""When an application was forwarded is told by its stage entries."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0010_fill_stage_entries'),
    ]

    operations = [migrations.RemoveField(model_name='application', name='forwarded_at')]
