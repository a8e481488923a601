"""The answers of every evaluation go into its filled-in form.

Each was stored as text whatever its question asked for. The text is carried as it is: the form shows a text that is not
of the question's kind, and asks for it anew. Nobody noted who wrote; the one who accepted the award answers for it.
"""

from django.db import migrations


def carry(apps, schema_editor):
    response_model = apps.get_model("answering", "Response")
    answer_model = apps.get_model("answering", "Answer")
    reports = apps.get_model("followup", "EvaluationReport").objects.filter(response=None)
    for report in reports.select_related("acceptance").iterator():
        report.response = response_model.objects.create(form="evaluation")
        report.save(update_fields=["response"])
        accepted = report.acceptance
        answer_model.objects.bulk_create(
            answer_model(
                response=report.response,
                question=question,
                value=text,
                updated_by_id=report.submitted_by_id or accepted.accepted_by_id,
                updated_at=report.updated_at or accepted.accepted_at,
            )
            for question, text in report.answers.items()
            if str(text).strip()
        )


def carry_back(apps, schema_editor):
    answer_model = apps.get_model("answering", "Answer")
    for report in apps.get_model("followup", "EvaluationReport").objects.iterator():
        answers = answer_model.objects.filter(response=report.response_id)
        report.answers = dict(answers.values_list("question", "value"))
        report.save(update_fields=["answers"])
        answers.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0004_response'),
    ]

    operations = [
        migrations.RunPython(carry, carry_back),
    ]
