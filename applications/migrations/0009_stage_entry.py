"""A row for each stage that an application has entered; ``0010`` fills it from what is known."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_half_filled_budget'),
        ('communities', '0001_initial'),
        ('rounds', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StageEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('received', 'Mottatt'), ('in_work', 'Under arbeid'), ('prioritised', 'På den låste listen'), ('left_out', 'Ikke prioritert'), ('forwarded', 'Oversendt'), ('decided', 'Avgjort'), ('closed', 'Avsluttet')], max_length=12)),
                ('entered_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stage_entries', to='applications.application')),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.healthcommunity')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='rounds.stage')),
            ],
            options={
                'ordering': ('entered_at', 'pk'),
                'indexes': [models.Index(fields=['stage', 'community', 'state'], name='applications_in_stage')],
                'constraints': [models.UniqueConstraint(fields=('application', 'stage'), name='applications_stage_once'), models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('application',), name='applications_one_open_stage'), models.CheckConstraint(condition=models.Q(models.Q(('left_at', None), ('state__in', ['in_work', 'prioritised', 'received'])), models.Q(('left_at__isnull', False), models.Q(('state__in', ['in_work', 'prioritised', 'received']), _negated=True)), _connector='OR'), name='applications_left_stage_has_time')],
            },
        ),
    ]
