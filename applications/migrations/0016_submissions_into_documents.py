"""What was frozen of each sent version goes into its document, with SHA-256 and PDF untouched.

There is no way back: the columns that it came from go next.
"""

from django.db import migrations

from portal.documents.carrying import carry, of_application


def describe(submission):
    return {
        "kind": "submission",
        "subject": submission.application.code,
        "version": submission.version,
        "title": f"Søknad: {submission.snapshot.get('title', '')}",
        "language": submission.snapshot.get("language", "nb"),
        "frozen_at": submission.submitted_at,
        "frozen_by_id": submission.submitted_by_id,
        **of_application(submission.application),
    }


def into_documents(apps, schema_editor):
    rows = apps.get_model("applications", "Submission").objects.select_related("application__round")
    carry(apps, rows, describe, job="applications.services.receipts.render_pdf", argument="submission_id")


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0015_submission_document'),
        ('rounds', '0005_stage_rules'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
