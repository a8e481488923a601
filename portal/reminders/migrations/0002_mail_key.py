"""Which mail a reminder went out in: it may tell of several things."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reminders", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="mail_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
