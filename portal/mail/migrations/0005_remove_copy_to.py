"""A message has one recipient, and no copy."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0004_one_recipient'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='message',
            name='copy_to',
        ),
    ]
