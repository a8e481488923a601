from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_minutes_in_their_document")]

    operations = [migrations.RenameField("meeting", "place", "location")]
