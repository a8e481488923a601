"""What a body said of approving letters before it was changed, by whom and when: who eased it gains nothing by it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_succession'),
    ]

    operations = [
        migrations.AddField(
            model_name='body',
            name='letter_approval_before',
            field=models.CharField(blank=True, choices=[('one', 'Én: den som skrev brevet, kan godkjenne det'), ('two', 'To: en annen enn den som skrev brevet, godkjenner det')], db_default='', default='', max_length=3),
        ),
        migrations.AddField(
            model_name='body',
            name='letter_approval_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='body',
            name='letter_approval_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
