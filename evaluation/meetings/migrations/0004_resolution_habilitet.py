"""A resolution keeps what was raised and decided about habilitet in its case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_rules_kept")]

    operations = [
        migrations.AddField("resolution", "habilitet", models.JSONField(default=list, verbose_name="habilitet"))
    ]
