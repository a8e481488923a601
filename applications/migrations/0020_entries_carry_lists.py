"""The stage entries carry what the lists of their stage filter, sort and count by."""

from decimal import Decimal
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Copy what the applications say; the points come in a migration of the assessments."""
    row = apps.get_model("applications", "Application").objects.filter(pk=OuterRef("application"))
    names = ("status", "submitted_at", "requested_amount")
    apps.get_model("applications", "StageEntry").objects.update(**{name: Subquery(row.values(name)[:1]) for name in names})


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0019_signed_text'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='stageentry',
            name='applications_in_stage',
        ),
        migrations.AddField(
            model_name='stageentry',
            name='must_discuss',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='stageentry',
            name='requested_amount',
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='stageentry',
            name='status',
            field=models.CharField(choices=[('draft', 'Utkast'), ('submitted', 'Sendt'), ('correction', 'Må rettes'), ('admitted', 'Til vurdering'), ('not_admitted', 'Avvist'), ('prioritised', 'Prioritert'), ('not_prioritised', 'Ikke prioritert'), ('forwarded', 'Oversendt'), ('postponed', 'Utsatt'), ('granted', 'Innvilget'), ('partly_granted', 'Delvis innvilget'), ('rejected', 'Avslag'), ('accepted', 'Akseptert'), ('in_operation', 'I drift'), ('evaluated', 'Evaluert'), ('withdrawn', 'Trukket')], db_default='', default='', editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name='stageentry',
            name='submitted_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='stageentry',
            name='total',
            field=models.DecimalField(db_default=Decimal('-1'), decimal_places=2, default=Decimal('-1'), editable=False, max_digits=5),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('status', 'draft')), fields=['round'], name='applications_drafts'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['-updated_at', '-id'], name='applications_mine'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['organisation', 'application', 'role'], name='applications_of_organisation'),
        ),
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(fields=['stage', 'community', 'state', 'application', 'status'], name='applications_in_stage'),
        ),
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(fields=['stage', 'community', '-submitted_at', 'application', 'status'], name='applications_by_sending'),
        ),
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(fields=['stage', 'community', '-total', 'submitted_at', 'application', 'state', 'status', 'requested_amount', 'must_discuss'], name='applications_by_score'),
        ),
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(fields=['stage', 'community', 'status', 'application'], name='applications_by_status'),
        ),
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(condition=models.Q(('status__in', ['not_admitted', 'withdrawn'])), fields=['application', 'stage'], name='applications_gone'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
