"""Whether a message arrived: its failures, what the mail server answered, and who took care of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0002_lease'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='failures',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='answer',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='message',
            name='next_try_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='settled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='sent_again_as',
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='sends_again',
                to='mail.message',
            ),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(
                condition=models.Q(('failed_at__isnull', False), ('settled_at', None)),
                fields=['failed_at'],
                name='mail_failed',
            ),
        ),
    ]
