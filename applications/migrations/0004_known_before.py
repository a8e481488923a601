"""The status that the applicants knew when the outcome was decided."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0003_signing_asked_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='known_before',
            field=models.CharField(blank=True, choices=[('draft', 'Utkast'), ('submitted', 'Sendt'), ('correction', 'Må rettes'), ('admitted', 'Til vurdering'), ('not_admitted', 'Avvist'), ('prioritised', 'Prioritert'), ('not_prioritised', 'Ikke prioritert'), ('forwarded', 'Oversendt'), ('postponed', 'Utsatt'), ('granted', 'Innvilget'), ('partly_granted', 'Delvis innvilget'), ('rejected', 'Avslag'), ('accepted', 'Akseptert'), ('in_operation', 'I drift'), ('evaluated', 'Evaluert'), ('withdrawn', 'Trukket')], max_length=20),
        ),
    ]
