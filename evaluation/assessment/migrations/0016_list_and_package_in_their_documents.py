"""A locked list and a package are read from their documents alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0015_lists_and_packages_into_documents'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='prioritylist', name='assessment_frozen_has_hash'),
        migrations.RemoveField(model_name='prioritylist', name='snapshot'),
        migrations.RemoveField(model_name='prioritylist', name='sha256'),
        migrations.AddConstraint(
            model_name='prioritylist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document', None), ('frozen_at', None)), models.Q(('document__isnull', False), ('frozen_at__isnull', False)), _connector='OR'), name='assessment_frozen_has_document'),
        ),
        migrations.RemoveField(model_name='forwarding', name='snapshot'),
        migrations.RemoveField(model_name='forwarding', name='sha256'),
        migrations.RemoveField(model_name='forwarding', name='pdf'),
        migrations.AlterField(
            model_name='forwarding',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
    ]
