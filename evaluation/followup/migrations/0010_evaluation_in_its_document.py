"""A sent evaluation is read from its document alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0009_evaluations_into_documents'),
    ]

    operations = [
        migrations.RemoveField(model_name='evaluationreport', name='snapshot'),
        migrations.RemoveField(model_name='evaluationreport', name='sha256'),
        migrations.RemoveField(model_name='evaluationreport', name='pdf'),
    ]
