"""What was resolved before the difference had a field (0017) is told apart from what was resolved since.

Before, what sets an application apart from its equal was asked for when the case was resolved, and was put behind the
reason with an empty line between. A reason of several paragraphs looks the same, so that the two cannot be parted
again. In these resolutions the difference becomes None: it is neither asked for nor told once more. That of adopted
minutes is frozen with them, and stays.
"""

from django.db import migrations, models


def mark(apps, schema_editor):
    # Of an application alone it was asked.
    resolutions = apps.get_model("meetings", "Resolution").objects.exclude(outcome="")
    waiting = resolutions.filter(case__status="decided").exclude(case__meeting__status="adopted")
    waiting.filter(difference="").update(difference=None)


def unmark(apps, schema_editor):
    apps.get_model("meetings", "Resolution").objects.filter(difference=None).update(difference="")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0019_ended_seats_on_the_roll")]

    operations = [
        migrations.AlterField(
            "resolution",
            "difference",
            models.TextField(blank=True, null=True, default="", db_default="", verbose_name="hva skiller søknaden"),
        ),
        migrations.RunPython(mark, unmark),
    ]
