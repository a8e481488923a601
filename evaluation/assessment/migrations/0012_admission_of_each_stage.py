"""One check for each stage that an application has come to, where it was one for each application."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0011_fill_admission_stage"), ("rounds", "0005_stage_rules")]

    operations = [
        migrations.AlterModelOptions(name="admission", options={"ordering": ("decided_at", "pk")}),
        migrations.AlterField(
            model_name="admission",
            name="stage",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rounds.stage"),
        ),
        migrations.AlterField(
            model_name="admission",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="admissions", to="applications.application"
            ),
        ),
        migrations.AddConstraint(
            model_name="admission",
            constraint=models.UniqueConstraint(fields=("application", "stage"), name="assessment_checked_once"),
        ),
    ]
