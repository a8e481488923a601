"""A seat that has ended when a meeting is opened again stays in the minutes, and is on the roll no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0018_meeting_reopenings")]

    operations = [
        migrations.AddField("attendance", "has_ended", models.BooleanField(db_default=False, default=False)),
    ]
