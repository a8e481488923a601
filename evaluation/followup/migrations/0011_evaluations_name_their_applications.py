"""The case of an evaluation is about its application, so that whoever is out of the case is out of it there, too."""

from django.db import migrations


def name_applications(apps, schema_editor):
    reports = apps.get_model("followup", "EvaluationReport").objects.filter(case__isnull=False, case__application=None)
    cases = apps.get_model("meetings", "Case").objects
    for case, meeting, application in reports.values_list(
        "case", "case__meeting", "acceptance__decision__application"
    ):
        # A meeting has one case of an application.
        if not cases.filter(meeting=meeting, application=application).exists():
            cases.filter(pk=case).update(application=application)


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0010_evaluation_in_its_document'),
        ('meetings', '0013_reason_to_pass_the_frame'),
    ]

    operations = [
        migrations.RunPython(name_applications, migrations.RunPython.noop, elidable=True),
    ]
