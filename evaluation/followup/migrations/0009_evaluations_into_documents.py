"""What was frozen of each evaluation goes into its document, with SHA-256 and PDF untouched.

There is no way back: the columns that it came from go next.
"""

from django.db import migrations

from portal.documents.carrying import carry, of_application


def describe(report):
    application = report.acceptance.decision.application
    return {
        "kind": "evaluation",
        "subject": application.code,
        "version": 1,
        "title": f"Evaluering av {report.snapshot['application']['title']}",
        "language": "nb",
        "frozen_at": report.submitted_at,
        "frozen_by_id": report.submitted_by_id,
        **of_application(application),
    }


def into_documents(apps, schema_editor):
    sent = apps.get_model("followup", "EvaluationReport").objects.filter(submitted_at__isnull=False)
    rows = sent.select_related("acceptance__decision__application__round")
    carry(apps, rows, describe, job="evaluation.followup.services.reporting.make_pdf", argument="report_id")


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0008_evaluation_document'),
        ('decisions', '0007_letter_in_its_document'),
        ('rounds', '0005_stage_rules'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
