from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('task', models.CharField(max_length=120)),
                ('arguments', models.JSONField(default=dict)),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ('due_at', 'pk'),
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('failed_at', None)), fields=['due_at'], name='jobs_waiting')],
            },
        ),
    ]
