"""Assignments given for a seat in a body end with the seat; those of old are told apart by the seats of their day."""

from django.db import migrations, models
from django.db.models import Q

from portal import clock


def mark_those_given_by_seat(apps, schema_editor):
    """By seat, if the assessor had one in the bodies of the stage on the day the application was given."""
    assignment, seat = apps.get_model("assessment", "Assignment"), apps.get_model("communities", "Seat")
    by_seat = []
    for row in assignment.objects.select_related("application", "stage__body"):
        day, body = clock.local_date(row.assigned_at), row.stage.body
        is_regional = bool(body and body.community_id is None)
        where = Q(body__region=body.region_id) if is_regional else Q(body__community=row.application.community_id)
        running = Q(from_date__lte=day) & (Q(to_date=None) | Q(to_date__gte=day))
        if seat.objects.filter(where, running, user=row.assessor_id).exists():
            by_seat.append(row.pk)
    assignment.objects.filter(pk__in=by_seat).update(by_seat=True)


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0002_priority_list_first_order"),
        ("communities", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="by_seat",
            field=models.BooleanField("i kraft av en plass", default=False),
        ),
        # Going back drops the field, and with it what was marked.
        migrations.RunPython(mark_those_given_by_seat, migrations.RunPython.noop),
    ]
