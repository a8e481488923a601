"""A resolution that passes the frame says why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_versions_of_resolutions")]

    operations = [
        migrations.AddField(
            "resolution",
            "over_frame_reason",
            models.TextField(blank=True, default="", verbose_name="hvorfor rammen passeres"),
        )
    ]
