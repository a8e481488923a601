"""A lease on a message: one worker sends it, and no row is held while the mail server is spoken to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='leased_until',
            field=models.DateTimeField(null=True),
        ),
    ]
