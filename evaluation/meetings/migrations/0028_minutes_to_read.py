"""The draft of the minutes is sent to be read, and members write remarks on it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0027_cancelled_meetings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='minutes',
            name='remarks_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='minutes',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='MemberRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='merknad')),
                ('written_at', models.DateTimeField()),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='member_remarks', to='meetings.minutes')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('written_at', 'pk'),
            },
        ),
    ]
