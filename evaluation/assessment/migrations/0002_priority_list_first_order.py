"""Which order a priority list was first set up in."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='prioritylist',
            name='first_order',
            field=models.CharField(blank=True, choices=[('score', 'Satt opp etter poeng.'), ('home', 'Satt opp etter helsefellesskapenes egen rekkefølge, fordi ingen hadde gitt poeng her.'), ('sent', 'Satt opp i den rekkefølgen søknadene ble sendt, fordi ingen hadde gitt poeng.')], max_length=5, verbose_name='satt opp etter'),
        ),
    ]
