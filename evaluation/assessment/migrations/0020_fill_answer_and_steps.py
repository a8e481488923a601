"""What each row of habilitet tells is parted into answer, question and decision, as far as it can still be known.

A person's «yes» wrote over the words of a question that another had raised: they are gone, and the log has the ground. A
question that was raised after the answer wrote over the words of the answer in the same way.
"""

from operator import itemgetter

from django.db import migrations


def fill(apps, schema_editor):
    """Part the words of every row, and write its steps."""
    entries = apps.get_model("journal", "LogEntry").objects.filter(act__in=("habilitet.raised", "habilitet.declared"))
    logged = {(entry.act, entry.actor_id, entry.at): entry.data.get("ground", "") for entry in entries.iterator()}
    model, step = apps.get_model("assessment", "Habilitet"), apps.get_model("assessment", "HabilitetStep")
    rows = list(model.objects.order_by("pk"))
    for row in rows:
        part(row, logged)
    fields = ("answer_ground", "answer_explanation", "ground", "explanation")
    model.objects.bulk_update(rows, fields, batch_size=500)
    made = [step(**said) for row in rows for said in sorted(steps_of(row), key=itemgetter("at"))]
    step.objects.bulk_create(made, batch_size=500)


def part(row, logged):
    """Give the row's words to the answer or to the question, whichever they are of; ``logged`` has the grounds."""
    if row.declared_at is None:
        return
    other = row.raised_by_id not in {None, row.person_id}
    if not other:
        _part_own(row)
    elif row.has_tie and row.raised_at <= row.declared_at:
        row.answer_ground, row.answer_explanation = row.ground, row.explanation
        raised = logged.get(("habilitet.raised", row.raised_by_id, row.raised_at), "")
        row.ground, row.explanation = raised or "other", ""
    elif row.has_tie:
        declared = logged.get(("habilitet.declared", row.person_id, row.declared_at), "")
        row.answer_ground = declared or "other"


def _part_own(row):
    """Nobody else has raised a question."""
    if row.has_tie or not row.ground:
        row.answer_ground, row.answer_explanation = row.ground, row.explanation
    if not row.raised_by_id:
        # Also the words of a question that was taken back.
        row.ground, row.explanation = "", ""


def steps_of(row):
    """What the row tells of, as rows that are never changed."""
    of = {"application_id": row.application_id, "case_id": row.case_id, "person_id": row.person_id}
    if row.declared_at:
        asks = bool(row.has_tie) or any(tie["is_strong"] for tie in row.suggested)
        said = {"has_tie": row.has_tie, "ground": row.answer_ground, "words": row.answer_explanation, "asks": asks}
        yield {**of, "kind": "answered", "by_id": row.person_id, "at": row.declared_at, **said}
    if row.raised_by_id and (row.raised_by_id, row.raised_at) != (row.person_id, row.declared_at):
        said = {"ground": row.ground, "words": row.explanation, "asks": True}
        yield {**of, "kind": "raised", "by_id": row.raised_by_id, "at": row.raised_at, **said}
    if row.decided_at:
        said = {"is_recused": row.is_recused, "ground": row.decided_ground, "words": row.reason, "body_id": row.body_id}
        yield {**of, "kind": "decided", "by_id": row.decided_by_id, "at": row.decided_at, **said}


class Migration(migrations.Migration):
    dependencies = [("assessment", "0019_answer_and_steps"), ("journal", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
