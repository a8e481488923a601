"""What was frozen of each list and package goes into its document, with SHA-256 and PDF untouched.

There is no way back: the columns that it came from go next.
"""

from django.db import migrations

from portal.documents.carrying import carry, of_body


def common(found):
    """What a list and its package have in common."""
    place = found.community.code if found.community else "region"
    tenant = {"community_id": found.community_id} if found.community_id else of_body(found.stage.body)
    return {"subject": f"{found.round.code}/{found.stage.code}/{place}", "version": 1, **tenant}


def describe_list(found):
    return {
        "kind": "priority-list",
        "title": f"Prioritert liste fra {found.snapshot.get('name', '')}",
        "language": "nb",
        "frozen_at": found.frozen_at,
        "frozen_by_id": found.frozen_by_id,
        **common(found),
    }


def describe_package(forwarding):
    found = forwarding.priority_list
    return {
        "kind": "package",
        "title": f"Oversendelse: {found.round.title}",
        "language": found.round.language,
        "frozen_at": forwarding.forwarded_at,
        "frozen_by_id": forwarding.forwarded_by_id,
        **common(found),
    }


def into_documents(apps, schema_editor):
    locked = apps.get_model("assessment", "PriorityList").objects.filter(frozen_at__isnull=False)
    carry(apps, locked.select_related("round", "stage__body", "community"), describe_list)
    related = ("priority_list__round", "priority_list__stage__body", "priority_list__community")
    packages = apps.get_model("assessment", "Forwarding").objects.select_related(*related)
    job = "evaluation.assessment.services.forwarding.render_package"
    carry(apps, packages, describe_package, job=job, argument="forwarding_id")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0014_list_and_package_document'),
        ('rounds', '0005_stage_rules'),
        ('communities', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(into_documents),
    ]
