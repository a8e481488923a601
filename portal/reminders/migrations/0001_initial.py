"""The reminders that have gone out, with the rows that were in followup."""

import portal.reminders.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('followup', '0007_reminders_move'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=portal.reminders.models.kind_choices, max_length=12)),
                        ('subject_type', models.CharField(max_length=80)),
                        ('subject_id', models.CharField(max_length=40)),
                        ('recipient', models.EmailField(max_length=254)),
                        ('due_at', models.DateTimeField()),
                        ('sent_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ('-sent_at',),
                        'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='followup_by_subject')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'subject_type', 'subject_id', 'recipient', 'due_at'), name='followup_remind_once')],
                    },
                ),
            ],
        ),
        migrations.RenameIndex(model_name='reminder', old_name='followup_by_subject', new_name='reminders_by_subject'),
        migrations.RemoveConstraint(model_name='reminder', name='followup_remind_once'),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('kind', 'subject_type', 'subject_id', 'recipient', 'due_at'), name='reminders_once'),
        ),
    ]
