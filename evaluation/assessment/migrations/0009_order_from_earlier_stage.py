"""A list of a later stage may begin in the order that the list before it had."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0008_prioritised_in_region'),
    ]

    operations = [
        migrations.AlterField(
            model_name='prioritylist',
            name='first_order',
            field=models.CharField(blank=True, choices=[('score', 'Satt opp etter poeng.'), ('home', 'Satt opp etter helsefellesskapenes egen rekkefølge, fordi ingen hadde gitt poeng her.'), ('prior', 'Satt opp i rekkefølgen fra trinnet før, fordi ingen hadde gitt poeng her.'), ('sent', 'Satt opp i den rekkefølgen søknadene ble sendt, fordi ingen hadde gitt poeng.')], max_length=5, verbose_name='satt opp etter'),
        ),
    ]
