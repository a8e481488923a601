"""How many persons it takes to write and approve the letters of a body's decisions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0002_given'),
    ]

    operations = [
        migrations.AddField(
            model_name='body',
            name='letter_approval',
            field=models.CharField(blank=True, choices=[('one', 'Én: den som skrev brevet, kan godkjenne det'), ('two', 'To: en annen enn den som skrev brevet, godkjenner det')], db_default='', default='', max_length=3, verbose_name='godkjenning av brev'),
        ),
    ]
