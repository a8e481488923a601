"""A round that nobody has begun to apply in can be taken away, and laid out again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0008_without_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='tatt bort'),
        ),
    ]
