"""What has changed on an agenda since the members were called: they are told of it when they are called again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0024_earlier_cases")]

    operations = [
        migrations.AddField("meeting", "moved_since_call", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "meeting", "taken_off_since_call", models.TextField(blank=True, db_default="", default="")
        ),
    ]
