"""A round that somebody has begun to apply in can be cancelled, with a reason that everybody reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rounds", "0009_withdrawn")]

    operations = [
        migrations.AddField("round", "cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="trukket")),
        migrations.AddField(
            "round",
            "cancelled_because",
            models.TextField(blank=True, default="", db_default="", verbose_name="hvorfor den ble trukket"),
        ),
    ]
