"""The answers of every application go into its filled-in form, with version, author and time."""

from django.db import migrations

BATCH = 1000
NAMES = ("question", "value", "version", "updated_by_id", "updated_at")
COLUMNS = ", ".join(NAMES)
OF_ANSWER = ", ".join(f"answer.{name}" for name in NAMES)


def carry(apps, schema_editor):
    application_model = apps.get_model("applications", "Application")
    response_model = apps.get_model("answering", "Response")
    keys = list(application_model.objects.filter(response=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = list(application_model.objects.filter(pk__in=keys[start : start + BATCH]).only("pk", "response"))
        made = response_model.objects.bulk_create(response_model(form="application") for _application in batch)
        for application, response in zip(batch, made, strict=True):
            application.response = response
        application_model.objects.bulk_update(batch, ["response"], batch_size=BATCH)
    schema_editor.execute(
        f"INSERT INTO answering_answer (response_id, {COLUMNS}) "  # noqa: S608 - no value of a person in it
        f"SELECT application.response_id, {OF_ANSWER} FROM applications_answer AS answer "
        "JOIN applications_application AS application ON application.id = answer.application_id"
    )


def carry_back(apps, schema_editor):
    schema_editor.execute(
        f"INSERT INTO applications_answer (application_id, {COLUMNS}) "  # noqa: S608
        f"SELECT application.id, {OF_ANSWER} FROM answering_answer AS answer "
        "JOIN applications_application AS application ON application.response_id = answer.response_id"
    )
    schema_editor.execute(
        "DELETE FROM answering_answer WHERE response_id IN (SELECT response_id FROM applications_application)"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0005_response'),
    ]

    operations = [
        migrations.RunPython(carry, carry_back),
    ]
