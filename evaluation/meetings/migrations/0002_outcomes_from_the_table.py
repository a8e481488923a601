"""A ballot and a resolution hold only an outcome of rounds.outcomes, and an amount only with an award."""


import rounds.outcomes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='ballot',
            name='outcome',
            field=models.CharField(blank=True, choices=rounds.outcomes.proposed_choices, max_length=16, verbose_name='utfall'),
        ),
        migrations.AlterField(
            model_name='resolution',
            name='outcome',
            field=models.CharField(blank=True, choices=rounds.outcomes.proposed_choices, max_length=16, verbose_name='utfall'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('outcome__in', ('granted', 'partly_granted'))), models.Q(('amount__isnull', True), ('outcome__in', ['', 'rejected', 'postponed', 'not_prioritised'])), _connector='OR'), name='meetings_ballot_amount_when_awarded'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', False), ('outcome__in', ('granted', 'partly_granted'))), models.Q(('amount__isnull', True), ('outcome__in', ['', 'rejected', 'postponed', 'not_prioritised'])), _connector='OR'), name='meetings_resolution_amount_when_awarded'),
        ),
    ]
