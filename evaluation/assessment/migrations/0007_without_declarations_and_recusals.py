"""The tables that became one row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessment", "0006_fill_habilitet")]

    operations = [migrations.DeleteModel("Declaration"), migrations.DeleteModel("Recusal")]
