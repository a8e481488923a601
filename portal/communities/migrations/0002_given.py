"""When a place and the authority to sign were given, so that one given later opens no case that was closed before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='affiliation',
            name='given_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='affiliation',
            name='signing_given_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='given_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
