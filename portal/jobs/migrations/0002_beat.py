"""A row for each periodic task, so that two beats do its work once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("task", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
            ],
        ),
    ]
