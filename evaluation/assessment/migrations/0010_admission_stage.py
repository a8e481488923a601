"""The check belongs to a stage of the round: any stage may have gates and a checklist of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0009_order_from_earlier_stage"), ("rounds", "0005_stage_rules")]

    operations = [
        migrations.AddField(
            model_name="admission",
            name="stage",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rounds.stage"
            ),
        ),
    ]
