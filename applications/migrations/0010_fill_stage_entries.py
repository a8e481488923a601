"""The stages of the applications that have been sent, from their status, ``forwarded_at`` and the log.

Until now a round had one or two stages: the first, and the one that the first forwards to.
"""

from collections import defaultdict

from django.db import migrations

STATE_OF = {
    "submitted": "received",
    "correction": "received",
    "admitted": "in_work",
    "forwarded": "in_work",
    "prioritised": "prioritised",
    "postponed": "prioritised",
    "not_prioritised": "left_out",
    "not_admitted": "closed",
    "withdrawn": "closed",
}
OPEN = {"received", "in_work", "prioritised"}
ENDING = {
    "left_out": ("leave_out",),
    "closed": ("withdraw", "refuse_admission", "close_unanswered"),
    "decided": ("grant", "grant_in_part", "reject"),
}


def fill_stage_entries(apps, schema_editor):
    alias = schema_editor.connection.alias
    Application = apps.get_model("applications", "Application")
    Entry = apps.get_model("applications", "StageEntry")
    stages, forwards = _stages(apps, alias)
    times = _times(apps, alias)
    entries = []
    for application in Application.objects.using(alias).exclude(submitted_at=None).order_by("pk").iterator():
        of_round = stages[application.round_id]
        first = of_round[0]
        logged = times[str(application.pk)]
        if application.forwarded_at:
            later = forwards.get((application.round_id, first.code)) or of_round[-1]
            entries.append(_entry(Entry, application, first, "forwarded", application.submitted_at, application.forwarded_at))
            entries.append(_last(Entry, application, later, application.forwarded_at, logged))
        else:
            entries.append(_last(Entry, application, first, application.submitted_at, logged))
    Entry.objects.using(alias).bulk_create(entries, batch_size=500)


def _stages(apps, alias):
    """The stages of each round in order, and the stage that each forwards to by (round, code)."""
    stages = defaultdict(list)
    for stage in apps.get_model("rounds", "Stage").objects.using(alias).select_related("body").order_by("position"):
        stages[stage.round_id].append(stage)
    forwards = {}
    rounds = dict(apps.get_model("rounds", "Round").objects.using(alias).values_list("pk", "version"))
    versions = apps.get_model("rounds", "RoundVersion").objects.using(alias)
    for round_id, number, definition in versions.values_list("round_id", "number", "definition"):
        if rounds[round_id] == number:
            by_code = {stage.code: stage for stage in stages[round_id]}
            for described in definition.get("stages", ()):
                to_stage = (described.get("forwards") or {}).get("to_stage")
                forwards[round_id, described["code"]] = by_code.get(to_stage)
    return stages, forwards


def _times(apps, alias):
    """When each application was moved along each line, by the log; the last time where there are several."""
    times = defaultdict(dict)
    entries = apps.get_model("journal", "LogEntry").objects.using(alias)
    moved = entries.filter(subject_type="applications.application", act__startswith="application.").order_by("number")
    for subject, act, at in moved.values_list("subject_id", "act", "at"):
        times[subject][act.removeprefix("application.")] = at
    return times


def _last(Entry, application, stage, entered_at, logged):
    state = STATE_OF.get(application.status, "decided")
    if state == "closed" and any(name in logged for name in ENDING["decided"]):
        # An award that was turned down, or a decision that was not told before the application was taken back.
        state = "decided"
    ended = [logged[name] for name in ENDING.get(state, ()) if name in logged]
    left_at = None if state in OPEN else max(ended, default=application.updated_at)
    return _entry(Entry, application, stage, state, entered_at, left_at)


def _entry(Entry, application, stage, state, entered_at, left_at):
    community_id = stage.body.community_id if stage.body_id else application.community_id
    return Entry(
        application_id=application.pk,
        stage_id=stage.pk,
        community_id=community_id,
        state=state,
        entered_at=entered_at,
        left_at=left_at,
    )


def restore_forwarded_at(apps, schema_editor):
    """Back to the column: when the application came to a later stage, the last time."""
    alias = schema_editor.connection.alias
    applications = apps.get_model("applications", "Application").objects.using(alias)
    entries = apps.get_model("applications", "StageEntry").objects.using(alias)
    for application_id, entered_at in (
        entries.filter(stage__position__gt=0).order_by("entered_at").values_list("application_id", "entered_at")
    ):
        applications.filter(pk=application_id).update(forwarded_at=entered_at)
    entries.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0009_stage_entry'),
        ('communities', '0001_initial'),
        ('journal', '0001_initial'),
        ('rounds', '0001_initial'),
    ]

    operations = [migrations.RunPython(fill_stage_entries, restore_forwarded_at)]
