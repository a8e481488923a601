"""A resolution has conditions of its own; NULL in what was resolved before they were kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_meeting_location")]

    operations = [
        migrations.AddField(
            "resolution", "conditions", models.TextField(blank=True, null=True, verbose_name="vilkår")
        ),
        migrations.AlterField(
            "resolution", "conditions", models.TextField(blank=True, default="", null=True, verbose_name="vilkår")
        ),
    ]
