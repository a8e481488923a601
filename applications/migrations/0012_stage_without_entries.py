"""Nothing reads the entries of a stage from the stage: the reverse relation goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0011_remove_forwarded_at"), ("rounds", "0005_stage_rules")]

    operations = [
        migrations.AlterField(
            model_name="stageentry",
            name="stage",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rounds.stage"),
        ),
    ]
