"""Every check until now was made in the first stage of its round."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    stages = apps.get_model("rounds", "Stage").objects
    applications = apps.get_model("applications", "Application").objects
    of_round = applications.filter(pk=OuterRef(OuterRef("application"))).values("round")
    first = stages.filter(round__in=Subquery(of_round)).order_by("position").values("pk")[:1]
    apps.get_model("assessment", "Admission").objects.filter(stage=None).update(stage=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("assessment", "0010_admission_stage"), ("applications", "0011_remove_forwarded_at")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
