"""What was frozen of adopted minutes goes into their document, with SHA-256 and PDF untouched.

There is no way back: the columns that it came from go next.
"""

from django.db import migrations

from portal.documents.carrying import carry, of_body


def describe(minutes):
    body, (year, month, day) = minutes.meeting.body, minutes.snapshot["date"].split("-")
    return {
        "kind": "minutes",
        "subject": f"{body.code}/{minutes.meeting_id}",
        "version": 1,
        "title": f"Protokoll {body.abbreviation or body.name} {day}.{month}.{year}",
        "language": "nb",
        "frozen_at": minutes.adopted_at,
        "frozen_by_id": minutes.adopted_by_id,
        **of_body(body),
    }


def into_documents(apps, schema_editor):
    adopted = apps.get_model("meetings", "Minutes").objects.filter(adopted_at__isnull=False)
    rows = adopted.select_related("meeting__body")
    carry(apps, rows, describe, job="evaluation.meetings.services.minutes.make_pdf", argument="minutes_id")


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0007_minutes_document'),
        ('communities', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
