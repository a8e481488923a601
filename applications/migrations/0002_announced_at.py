"""When the applicants were told of the outcome."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='announced_at',
            field=models.DateTimeField(null=True),
        ),
    ]
