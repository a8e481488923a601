"""What sets an application apart from one with the same points and the opposite outcome has a field of its own.

What was put behind the reason before stays there: it is what the body said, and letters quote it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0016_reopenings")]

    operations = [
        migrations.AddField(
            "resolution",
            "difference",
            models.TextField(blank=True, default="", db_default="", verbose_name="hva skiller søknaden"),
        )
    ]
