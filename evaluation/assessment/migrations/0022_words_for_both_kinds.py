"""Labels that are said of a søknad and an initiativ alike: the grounds of habilitet and the first order of a list."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0021_tie_has_ground_of_answer'),
    ]

    operations = [
        migrations.AlterField(
            model_name='habilitet',
            name='answer_ground',
            field=models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i saken'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], db_default='', max_length=12, verbose_name='grunn i svaret'),
        ),
        migrations.AlterField(
            model_name='habilitet',
            name='decided_ground',
            field=models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i saken'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn for avgjørelsen'),
        ),
        migrations.AlterField(
            model_name='habilitet',
            name='ground',
            field=models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i saken'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn'),
        ),
        migrations.AlterField(
            model_name='habilitetstep',
            name='ground',
            field=models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i saken'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn'),
        ),
        migrations.AlterField(
            model_name='prioritylist',
            name='first_order',
            field=models.CharField(blank=True, choices=[('score', 'Satt opp etter poeng.'), ('home', 'Satt opp etter helsefellesskapenes egen rekkefølge, fordi ingen hadde gitt poeng her.'), ('prior', 'Satt opp i rekkefølgen fra trinnet før, fordi ingen hadde gitt poeng her.'), ('sent', 'Satt opp i den rekkefølgen de ble sendt, fordi ingen hadde gitt poeng.')], max_length=5, verbose_name='satt opp etter'),
        ),
    ]
