from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0013_covers_keys")]

    operations = [
        migrations.RemoveField("benefit", "covers"),
        migrations.RenameField("benefit", "covers_keys", "covers"),
    ]
