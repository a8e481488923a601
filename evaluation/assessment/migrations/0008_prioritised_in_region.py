"""What stands on a locked list of the region is prioritised there, as on every other locked list.

Until now it kept the status «Oversendt» until it was decided.
"""

from django.db import migrations


def mark_prioritised(apps, schema_editor):
    _move(apps, schema_editor.connection.alias, "forwarded", "prioritised", "in_work", "prioritised")


def mark_forwarded(apps, schema_editor):
    _move(apps, schema_editor.connection.alias, "prioritised", "forwarded", "prioritised", "in_work")


def _move(apps, alias, old_status, status, old_state, state):
    Application = apps.get_model("applications", "Application")
    Entry = apps.get_model("applications", "StageEntry")
    lists = apps.get_model("assessment", "PriorityList").objects.using(alias)
    for found in lists.filter(community=None).exclude(frozen_at=None).values("pk", "stage_id"):
        listed = Application.objects.using(alias).filter(recommendations__priority_list=found["pk"], status=old_status)
        entries = Entry.objects.using(alias).filter(
            application__in=list(listed.values_list("pk", flat=True)), stage=found["stage_id"], state=old_state
        )
        moved = list(entries.values_list("application_id", flat=True))
        entries.update(state=state)
        Application.objects.using(alias).filter(pk__in=moved).update(status=status)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0011_remove_forwarded_at'),
        ('assessment', '0007_without_declarations_and_recusals'),
    ]

    operations = [migrations.RunPython(mark_prioritised, mark_forwarded)]
