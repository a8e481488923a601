"""Why an application is recommended for money though it is below a threshold of its stage."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0012_admission_of_each_stage")]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="threshold_reason",
            field=models.TextField(blank=True, default="", verbose_name="hvorfor den innstilles under terskelen"),
        ),
    ]
