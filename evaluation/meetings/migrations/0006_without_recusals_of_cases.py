"""The table whose questions joined the one row for each person."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_habilitet_of_cases")]

    operations = [migrations.DeleteModel("CaseRecusal")]
