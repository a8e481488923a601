"""Reports for a period, and the texts of their chapters."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0009_given_alone'),
        ('documents', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PeriodReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('november', 'Status til oppfølgingsmøtet i november'), ('annual', 'Årlig melding')], max_length=12, verbose_name='rapport')),
                ('first_day', models.DateField(verbose_name='fra og med')),
                ('last_day', models.DateField(verbose_name='til og med')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='frist')),
                ('created_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.healthcommunity')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation')),
            ],
            options={
                'verbose_name': 'rapport',
                'ordering': ('-last_day', 'kind', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ChapterText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chapter', models.CharField(max_length=20)),
                ('text', models.TextField(blank=True, verbose_name='vurdering')),
                ('is_carried', models.BooleanField(default=False)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='reporting.periodreport')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='reporting_period_goes_forward'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('community', None), ('region__isnull', False)), models.Q(('community__isnull', False), ('region', None)), _connector='OR'), name='reporting_from_one'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.UniqueConstraint(fields=('community', 'kind', 'last_day'), name='reporting_one_of_community'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.UniqueConstraint(fields=('region', 'kind', 'last_day'), name='reporting_one_of_region'),
        ),
        migrations.AddConstraint(
            model_name='chaptertext',
            constraint=models.UniqueConstraint(fields=('report', 'chapter'), name='reporting_one_text'),
        ),
    ]
