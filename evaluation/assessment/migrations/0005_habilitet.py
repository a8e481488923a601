"""One row for a person's habilitet in an application, or in a case of a meeting that is about none."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0001_initial'),
        ('assessment', '0004_outcomes_from_the_table'),
        ('communities', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Habilitet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.PositiveBigIntegerField(null=True, verbose_name='sak')),
                ('has_tie', models.BooleanField(null=True, verbose_name='har en tilknytning')),
                ('suggested', models.JSONField(default=list)),
                ('declared_at', models.DateTimeField(null=True)),
                ('ground', models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i søknaden'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn')),
                ('explanation', models.TextField(blank=True, verbose_name='forklaring')),
                ('raised_at', models.DateTimeField(null=True)),
                ('is_pending', models.BooleanField(default=False, verbose_name='må avgjøres av andre')),
                ('is_recused', models.BooleanField(null=True, verbose_name='inhabil')),
                ('decided_ground', models.CharField(blank=True, choices=[('party', 'Er selv part, eller i nær familie med en part'), ('represents', 'Signerer for, eier eller leder prosjektet'), ('contact', 'Er kontaktperson i søknaden'), ('leads_unit', 'Leder enheten som får pengene'), ('owner_body', 'Sitter i, eller har oppnevnt, utvalget som eier prosjektet'), ('other', 'Andre særegne forhold')], max_length=12, verbose_name='grunn for avgjørelsen')),
                ('reason', models.TextField(blank=True, verbose_name='begrunnelse')),
                ('decided_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='habilitet', to='applications.application')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.body')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.UniqueConstraint(fields=('application', 'person'), name='assessment_habilitet_once'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.UniqueConstraint(fields=('case_id', 'person'), name='assessment_habilitet_once_a_case'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('application', None), ('case_id__isnull', False)), models.Q(('application__isnull', False), ('case_id', None)), _connector='OR'), name='assessment_habilitet_of_one'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('has_tie', True), _negated=True), models.Q(('ground', ''), _negated=True), _connector='OR'), name='assessment_tie_has_ground'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(('is_pending', False), models.Q(('raised_at__isnull', False), ('raised_by__isnull', False)), _connector='OR'), name='assessment_question_is_raised'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('is_recused', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_recused__isnull', False)), _connector='OR'), name='assessment_habilitet_decided'),
        ),
        migrations.AddConstraint(
            model_name='habilitet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_recused', True), _negated=True), models.Q(('decided_ground', ''), _negated=True), _connector='OR'), name='assessment_recusal_has_ground'),
        ),
    ]
