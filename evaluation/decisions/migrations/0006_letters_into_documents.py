"""What was frozen of each letter goes into its document, with SHA-256 and PDF untouched.

Looks at earlier drafts, which were written over and count for nothing, go; the log has them.

There is no way back: the columns that it came from go next.
"""

from django.db import migrations
from django.db.models import F

from portal.documents.carrying import carry, of_application


def into_documents(apps, schema_editor):
    # Who wrote each letter last is told by the log.
    written = apps.get_model("journal", "LogEntry").objects.filter(act="letter.prepared").order_by("number")
    writers = {entry.data["letter"]: entry.actor_id for entry in written}

    def describe(letter):
        return {
            "kind": "letter",
            "subject": letter.number,
            "version": 1,
            "title": letter.snapshot.get("heading", ""),
            "language": letter.language,
            "frozen_at": letter.created_at,
            "frozen_by_id": writers.get(letter.number),
            **of_application(letter.decision.application),
        }

    rows = apps.get_model("decisions", "Letter").objects.select_related("decision__application__round")
    carry(apps, rows, describe, job="evaluation.decisions.services.letters.make_pdf", argument="letter_id")
    looks = apps.get_model("decisions", "LetterLook").objects
    looks.exclude(sha256=F("letter__sha256")).delete()
    for look in looks.select_related("letter"):
        look.document_id = look.letter.document_id
        look.save(update_fields=["document"])


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0005_letter_document'),
        ('applications', '0017_submission_in_its_document'),
        ('rounds', '0005_stage_rules'),
        ('journal', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
