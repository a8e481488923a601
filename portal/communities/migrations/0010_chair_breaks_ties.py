"""The vote of who leads a body may decide a tie."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0009_given_alone'),
    ]

    operations = [
        migrations.AddField(
            model_name='body',
            name='chair_breaks_ties',
            field=models.BooleanField(db_default=False, default=False, verbose_name='møteleder avgjør ved stemmelikhet'),
        ),
    ]
