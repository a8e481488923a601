"""A letter, and who has looked at it, is read from its document alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0006_letters_into_documents'),
    ]

    operations = [
        migrations.RemoveField(model_name='letter', name='snapshot'),
        migrations.RemoveField(model_name='letter', name='sha256'),
        migrations.RemoveField(model_name='letter', name='pdf'),
        migrations.AlterField(
            model_name='letter',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.RemoveConstraint(model_name='letterlook', name='decisions_one_look'),
        migrations.RemoveField(model_name='letterlook', name='letter'),
        migrations.RemoveField(model_name='letterlook', name='sha256'),
        migrations.AlterField(
            model_name='letterlook',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddConstraint(
            model_name='letterlook',
            constraint=models.UniqueConstraint(fields=('document', 'person'), name='decisions_one_look'),
        ),
    ]
