"""Adopted minutes are read from their document alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0008_minutes_into_documents'),
    ]

    operations = [
        migrations.RemoveField(model_name='minutes', name='snapshot'),
        migrations.RemoveField(model_name='minutes', name='sha256'),
        migrations.RemoveField(model_name='minutes', name='pdf'),
    ]
