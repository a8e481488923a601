"""The definition of each version goes into a document, with its SHA-256 untouched; the round points to the newest.

There is no way back: the table that it came from goes next.
"""

from django.db import migrations


def into_documents(apps, schema_editor):
    document_model = apps.get_model("documents", "Document")
    for version in apps.get_model("rounds", "RoundVersion").objects.select_related("round").order_by("pk"):
        of_round = version.round
        document = document_model.objects.create(
            kind="round",
            subject=of_round.code,
            version=version.number,
            community_id=of_round.owner_community_id,
            region_id=of_round.owner_organisation_id,
            title=version.definition.get("title", of_round.title),
            language=of_round.language,
            snapshot=version.definition,
            sha256=version.sha256,
            frozen_at=version.loaded_at,
            frozen_by_id=version.loaded_by_id,
        )
        if version.number == of_round.version:
            of_round.document = document
            of_round.save(update_fields=["document"])


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0006_round_document'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
