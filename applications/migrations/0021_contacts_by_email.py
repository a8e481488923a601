"""Who is named as contact by an address is asked by every page of the secretariat."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0020_entries_carry_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(django.db.models.functions.text.Lower("email"), name="applications_contact_by_email"),
        ),
    ]
