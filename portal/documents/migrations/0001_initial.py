"""The frozen documents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0001_initial'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('subject', models.CharField(max_length=200)),
                ('version', models.PositiveIntegerField()),
                ('title', models.TextField()),
                ('language', models.CharField(max_length=5)),
                ('snapshot', models.JSONField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('frozen_at', models.DateTimeField()),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.healthcommunity')),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pdf', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation')),
            ],
            options={
                'ordering': ('pk',),
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('kind', 'subject', 'version'), name='documents_one_version'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('community__isnull', False), ('region', None)), models.Q(('community', None), ('region__isnull', False)), _connector='OR'), name='documents_one_tenant'),
        ),
    ]
