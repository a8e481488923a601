"""Many things to one person within minutes are one mail: what belongs together, and what the mail tells of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0005_remove_copy_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='together',
            field=models.CharField(blank=True, db_default='', db_index=True, default='', max_length=120),
        ),
        migrations.AddField(
            model_name='message',
            name='items',
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
