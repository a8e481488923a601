"""The person's answer gets words of its own beside those of the question, and each step of habilitet is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0020_entries_carry_lists'),
        ('assessment', '0018_assignment_delivered'),
        ('communities', '0008_direct_successions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HabilitetStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.PositiveBigIntegerField(null=True, verbose_name='sak')),
                ('kind', models.CharField(choices=[('answered', 'Answered'), ('raised', 'Raised'), ('taken_back', 'Taken Back'), ('decided', 'Decided')], max_length=10, verbose_name='hva')),
                ('at', models.DateTimeField()),
                ('asks', models.BooleanField(default=False, verbose_name='må avgjøres av andre')),
                ('has_tie', models.BooleanField(null=True, verbose_name='har en tilknytning')),
                ('is_recused', models.BooleanField(null=True, verbose_name='inhabil')),
                ('ground', models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i søknaden'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn')),
                ('words', models.TextField(blank=True, verbose_name='det som ble skrevet')),
            ],
            options={
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='habilitet',
            name='assessment_tie_has_ground',
        ),
        migrations.AddField(
            model_name='habilitet',
            name='answer_explanation',
            field=models.TextField(blank=True, db_default='', verbose_name='forklaring i svaret'),
        ),
        migrations.AddField(
            model_name='habilitet',
            name='answer_ground',
            field=models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i søknaden'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], db_default='', max_length=12, verbose_name='grunn i svaret'),
        ),
        migrations.AddField(
            model_name='habilitetstep',
            name='application',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.application'),
        ),
        migrations.AddField(
            model_name='habilitetstep',
            name='body',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.body'),
        ),
        migrations.AddField(
            model_name='habilitetstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='habilitetstep',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='habilitetstep',
            index=models.Index(fields=['application', 'person', 'at'], name='assessment_steps_of'),
        ),
        migrations.AddIndex(
            model_name='habilitetstep',
            index=models.Index(fields=['case_id', 'person'], name='assessment_steps_of_case'),
        ),
    ]
